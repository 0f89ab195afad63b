//! The words of a comparison.

use crate::report::words::Words;

pub const RECORDS: Words = Words { en: "Records", es: "Registros", ja: "レコード" };
pub const NO_CHANGE: Words = Words { en: "no difference", es: "sin diferencias", ja: "差分はありません" };
pub const OTHER_RECORDS: Words = Words {
    en: "not for mail: added {added}, removed {removed}, changed {changed} (`--all` lists them)",
    es: "registros ajenos al correo: añadidos {added}, eliminados {removed}, modificados {changed} (`--all` muestra la lista)",
    ja: "メールに関係しないレコード: 追加 {added}、削除 {removed}、変更 {changed}(`--all` で一覧表示)",
};
pub const SPELLING: Words = Words {
    en: "the same parts, in another order or spelling",
    es: "las mismas partes, en otro orden o escritas de otra forma",
    ja: "含まれる要素は同じで、順序または表記だけが異なります",
};
pub const NOT_KNOWN: Words = Words {
    en: "not compared, because not known from {side}",
    es: "sin comparar, porque no se puede saber a partir de {side}",
    ja: "{side} では確認できないため、比較していません",
};
pub const ONLY_IN: Words = Words {
    en: "a mail domain in {side} only",
    es: "dominio de correo solo en {side}",
    ja: "{side} でのみメールドメインとして検出されました",
};
pub const NEW: Words = Words { en: "New findings", es: "Hallazgos nuevos", ja: "新たに検出された問題" };
pub const GONE: Words =
    Words { en: "No longer found", es: "Ya no se detecta", ja: "検出されなくなった問題" };
pub const UNTOLD: Words = Words {
    en: "Found in {side} only; the other side cannot tell",
    es: "Se detecta solo en {side} (en el otro lado no se puede saber)",
    ja: "{side} でのみ検出された問題(もう一方では判定できません)",
};
pub const TURNS: Words = Words {
    en: "How the verdicts of receivers change",
    es: "Cómo cambian los veredictos de los receptores",
    ja: "受信側の判定の変化",
};
pub const BEFORE: Words = Words { en: "before", es: "antes", ja: "変更前" };
pub const AFTER: Words = Words { en: "after", es: "después", ja: "変更後" };
pub const SUMMARY: Words = Words {
    en: "new: {new}; no longer found: {gone}; still there: {unchanged}",
    es: "hallazgos nuevos: {new}; ya no se detectan: {gone}; sin cambios: {unchanged}",
    ja: "新規: {new}、解消: {gone}、変化なし: {unchanged}",
};
pub const NEW_COUNTS: Words = Words {
    en: "{new} ({errors} {error}, {warnings} {warning}, {advice} {advice_count})",
    es: "{new} ({errors} {error}, {warnings} {warning}, {advice} {advice_count})",
    ja: "{new}({errors} {error}、{warnings} {warning}、{advice} {advice_count})",
};
