//! The words that reports are made of, beside those of the rules.

use crate::evaluate::check_host::EvaluationError;
use crate::evaluate::dmarc_plan::When;
use crate::evaluate::flatten::KeptReason;
use crate::evaluate::senders::Tristate;
use crate::finding::{Aspect, Severity};
pub use crate::lang::Words;
use crate::receivers::{Outcome, Sender, Sure};

pub const WHY: Words = Words { en: "why", es: "por qué", ja: "理由" };
pub const FIX: Words = Words { en: "fix", es: "solución", ja: "対処" };
pub const PUBLISH: Words = Words { en: "publish", es: "publique", ja: "公開するレコード" };
pub const PANEL_HOST: Words =
    Words { en: "name in a DNS panel", es: "nombre en un panel DNS", ja: "DNS管理画面での名前" };
pub const AS_OF: Words = Words { en: "as of", es: "datos del", ja: "基準日" };
pub const AS_OF_FINDING: Words = Words {
    en: "this rests on records of providers as built in; `--live` looks them up now",
    es: "se basa en los registros de proveedores incluidos en el programa; `--live` los consulta ahora",
    ja: "組み込みのプロバイダーのレコードに基づきます。`--live` で現在の内容を調べられます",
};
pub const AS_OF_REPORT: Words = Words {
    en: "Records of providers are built in, as of {day}; `--live` looks them up now.",
    es: "Los registros de proveedores son los incluidos en el programa, del {day}; `--live` los consulta ahora.",
    ja: "プロバイダーのレコードは {day} 時点の組み込みデータです。`--live` で現在の内容を調べられます。",
};
pub const CAN_BE_MENDED: Words = Words {
    en: "Of these, {count} can be mended: `mailvet fix {files}`",
    es: "Hallazgos con corrección automática: {count} (`mailvet fix {files}`)",
    ja: "このうち {count} 件は自動修正できます: `mailvet fix {files}`",
};
pub const MENDED: Words = Words { en: "Mended:", es: "Corregido:", ja: "修正した問題:" };
pub const WOULD_BE_MENDED: Words = Words {
    en: "Would be mended (--write writes it):",
    es: "Correcciones propuestas (--write las escribe en el archivo):",
    ja: "自動修正できる問題(--write でファイルに書き込みます):",
};
pub const NOTHING_TO_MEND: Words = Words {
    en: "Nothing can be mended automatically.",
    es: "No hay nada que se pueda corregir automáticamente.",
    ja: "自動修正できる問題はありません。",
};
pub const LEFT_MISSING: Words = Words {
    en: "Missing (--add-missing adds it):",
    es: "Registros que faltan (--add-missing los añade):",
    ja: "不足しているレコード(--add-missing で追加します):",
};
pub const LEFT_REFUSED: Words = Words {
    en: "Left, as the change would not make the zone better, or would touch what is ignored:",
    es: "Sin cambios, porque la zona no mejoraría o se tocaría algo que se ignora:",
    ja: "修正してもゾーンの状態が改善しないか、無視する設定の箇所まで変わるため、そのままにした問題:",
};
pub const LEFT_GENERATED: Words = Words {
    en: "Left, as it is generated; change what it is made from:",
    es: "Sin cambios, porque son datos generados (corrija el origen):",
    ja: "自動生成されたデータのため、そのままにした問題(生成元を修正してください):",
};
pub const LEFT_OPEN: Words = Words {
    en: "Left, as there is no single right answer (records are proposals; `mailvet zone` explains them):",
    es: "Sin cambios, porque no hay una única solución correcta (los registros son propuestas; `mailvet zone` las explica):",
    ja: "修正方法が一つに決まらないため、そのままにした問題(レコードは提案です。`mailvet zone` で説明を表示します):",
};
pub const REFERENCES: Words = Words { en: "see", es: "véase", ja: "参照" };
pub const VERDICT: Words = Words { en: "verdict", es: "veredicto", ja: "総合判定" };
pub const NOTHING_WEIGHED: Words = Words { en: "nothing to go by", es: "sin datos", ja: "判断材料なし" };
pub const BULK: Words =
    Words {
        en: "Who is a bulk sender", es: "Qué se considera envío masivo", ja: "大量送信者とみなされる基準"
    };
pub const NOT_JUDGED: Words = Words {
    en: "–: the receiver publishes nothing about it for these senders, or nothing of it can be seen from here.",
    es: "–: el receptor no publica nada al respecto para estos remitentes, o desde aquí no se puede comprobar nada.",
    ja: "–: 受信側がその送信者向けの基準を公表していないか、ここからは確認できません。",
};
pub const FIRST: Words = Words { en: "Do this first", es: "Haga esto primero", ja: "最初に行うこと" };
pub const PLACE: Words = Words { en: "where", es: "dónde", ja: "場所" };
pub const UNTIL_SEEN: Words = Words {
    en: "Receivers may keep the old answer for {time} (its TTL, as seen here).",
    es: "Los receptores pueden conservar la respuesta antigua durante {time} (su TTL, tal como se ve aquí).",
    ja: "受信側には古い応答が {time}ほど残ることがあります(ここで取得したTTL)。",
};
pub const TURNS_LATER: Words = Words {
    en: "Changes no verdict by itself, but takes an objection away.",
    es: "Por sí solo no cambia ningún veredicto, pero elimina una objeción.",
    ja: "これだけで判定が変わることはありませんが、指摘が1つ減ります。",
};
pub const DAYS: Words = Words { en: "d", es: "d", ja: "日" };
pub const HOURS: Words = Words { en: "h", es: "h", ja: "時間" };
pub const MINUTES: Words = Words { en: "min", es: "min", ja: "分" };
pub const SECONDS: Words = Words { en: "s", es: "s", ja: "秒" };
pub const RECEIVERS: Words =
    Words { en: "What receivers will do", es: "Qué harán los receptores", ja: "受信側の対応" };
pub const WITHOUT_MAIL: Words = Words {
    en: "{domain} neither sends nor takes mail, and its records say so: receivers can refuse whatever claims to come from it.",
    es: "{domain} no envía ni recibe correo, y sus registros así lo declaran: los receptores pueden rechazar cualquier correo que diga proceder de él.",
    ja: "{domain} は、メールの送受信を行わないことをレコードで宣言しています。受信側は、このドメインを名乗るメールをすべて拒否できます。",
};
pub const BECAUSE: Words = Words { en: "because", es: "motivo", ja: "原因" };
pub const REPLY: Words = Words { en: "{receiver} replies", es: "{receiver} responde", ja: "{receiver} の応答" };
/// Where it is no more than a risk.
pub const REPLY_IF: Words = Words {
    en: "if {receiver} refuses, it replies",
    es: "si {receiver} rechaza el correo, responde",
    ja: "{receiver} が拒否する場合の応答",
};
/// Between the names of a list.
pub const COMMA: Words = Words { en: ", ", es: ", ", ja: "、" };
pub const CANNOT_TELL: Words = Words { en: "cannot tell", es: "no se puede saber", ja: "判定できない原因" };
pub const UNCHECKED: Words = Words {
    en: "Receivers also ask for what DNS cannot show",
    es: "Los receptores también piden lo que el DNS no muestra",
    ja: "このほかに受信側が求める、DNSでは確認できない要件",
};
pub const NOTHING_FOUND: Words =
    Words {
        en: "no problems found", es: "no se encontró ningún problema", ja: "問題は見つかりませんでした"
    };
pub const ERRORS: Words = Words { en: "errors", es: "errores", ja: "エラー" };
pub const WARNINGS: Words = Words { en: "warnings", es: "advertencias", ja: "警告" };
pub const ADVICE: Words = Words { en: "advice", es: "consejos", ja: "助言" };
pub const DOMAINS: Words = Words { en: "domains", es: "dominios", ja: "ドメイン" };

pub const FINDINGS: Words = Words { en: "Findings", es: "Hallazgos", ja: "検出された問題" };
pub const RECEIVER: Words = Words { en: "receiver", es: "receptor", ja: "受信側" };
pub const SENDER: Words = Words { en: "sender", es: "remitente", ja: "送信者" };
pub const DOMAIN: Words = Words { en: "domain", es: "dominio", ja: "ドメイン" };
pub const SPF_TREE: Words = Words {
    en: "The SPF record, and what it leads to",
    es: "El registro SPF y adónde lleva",
    ja: "SPFレコードとその参照先",
};
pub const CUT_SHORT: Words = Words {
    en: "This comment is cut short. Not shown: {count}. The whole report is in the output of the run.",
    es: "Este comentario está abreviado. No se muestran: {count}. El informe completo está en la salida de la ejecución.",
    ja: "このコメントは途中までです。表示していない項目: {count}。レポート全体は実行結果の出力にあります。",
};

pub const DMARC_PLAN: Words = Words {
    en: "DMARC, step by step to `p=reject`",
    es: "DMARC, paso a paso hasta `p=reject`",
    ja: "DMARCを段階的に `p=reject` にする手順",
};

/// When to take a step of the DMARC plan.
pub fn when(when: When) -> Words {
    let (en, es, ja) = match when {
        When::Now => ("now", "ahora", "今すぐ"),
        When::FirstReports => (
            "after two to four weeks of reports in which all your own senders pass",
            "después de 2 a 4 semanas de informes en los que todos sus remitentes propios superen DMARC",
            "2〜4週間分のレポートで、正規の送信元がすべてDMARCに合格していることを確認した後",
        ),
        When::MoreReports => (
            "after two more weeks of such reports, and no complaint about lost mail",
            "después de otras 2 semanas de informes iguales y sin quejas por correo perdido",
            "さらに2週間同じ状態が続き、メールが届かないという連絡もないことを確認した後",
        ),
        When::SubDomains => (
            "when the reports show that your subdomains pass, too",
            "cuando los informes muestren que sus subdominios también superan DMARC",
            "サブドメインの送信元もDMARCに合格していることをレポートで確認した後",
        ),
    };
    Words { en, es, ja }
}

pub const FLATTENED: Words = Words {
    en: "The same as addresses: it goes stale when a sender moves, so check it regularly",
    es: "Lo mismo en direcciones: queda obsoleto si un remitente cambia; revíselo con regularidad",
    ja: "アドレスに展開したレコード(送信元の変更で古くなるため、定期的に確認してください)",
};
pub const NOT_FLATTENED: Words = Words {
    en: "No one valid SPF record is there: nothing to write as addresses",
    es: "No hay un único registro SPF válido: nada que expresar en direcciones",
    ja: "有効なSPFレコードが1つに定まらないため、アドレスに展開できません",
};
pub const KEPT: Words =
    Words { en: "kept as they are", es: "se conservan tal cual", ja: "そのまま残した項目" };
pub const DROPPED: Words =
    Words {
        en: "left out, without effect", es: "se omiten por no tener efecto", ja: "効果がないため省いた項目"
    };
pub const STALE: Words =
    Words {
        en: "goes stale when these change", es: "queda obsoleto si cambian", ja: "次の名前が変わると古くなります"
    };
pub const COSTS: Words = Words { en: "lookups", es: "consultas", ja: "参照" };
pub const SO_FAR: Words = Words { en: "so far", es: "acumulado", ja: "累計" };
pub const NEVER_REACHED: Words = Words { en: "never looked at", es: "nunca se evalúa", ja: "評価されません" };
pub const VOID: Words =
    Words { en: "void: nothing found", es: "vacía: no se encontró nada", ja: "空振り: 該当なし" };
pub const LOOP: Words = Words { en: "leads back here", es: "vuelve al punto de partida", ja: "循環しています" };
pub const NEEDS_MESSAGE: Words =
    Words { en: "depends on the message", es: "depende del mensaje", ja: "メールごとに変わります" };
pub const NOT_FOLLOWED: Words = Words { en: "not followed", es: "no se sigue", ja: "未確認" };
pub const NO_RECORD: Words = Words { en: "no SPF record", es: "sin registro SPF", ja: "SPFレコードなし" };
pub const RECORDS: Words = Words { en: "SPF records", es: "registros SPF", ja: "個のSPFレコード" };
pub const OCTETS: Words = Words { en: "octets", es: "octetos", ja: "オクテット" };
pub const LOOKUPS: Words = Words { en: "DNS lookups", es: "consultas DNS", ja: "DNSルックアップ" };
pub const VOID_LOOKUPS: Words =
    Words { en: "void lookups", es: "consultas vacías", ja: "空振りのルックアップ" };
pub const ANSWER: Words = Words { en: "TXT answer", es: "respuesta TXT", ja: "TXT応答" };
pub const AT_MOST: Words = Words { en: "at most", es: "máximo", ja: "上限" };
pub const MATCHES: Words = Words { en: "matches", es: "coincide", ja: "一致" };
pub const MATCHES_NOT: Words = Words { en: "does not match", es: "no coincide", ja: "不一致" };
pub const LEADS_TO: Words = Words { en: "leads to", es: "lleva a", ja: "参照先へ" };
pub const BREAKS: Words = Words { en: "breaks the evaluation", es: "interrumpe la evaluación", ja: "評価が中断" };
pub const EXPLANATION: Words = Words { en: "explanation", es: "explicación", ja: "説明" };

pub const SENDERS: Words =
    Words { en: "Who sends for the domain", es: "Quién envía en nombre del dominio", ja: "送信元" };
pub const INFERRED: Words = Words {
    en: "as MX and SPF suggest; name them with --via",
    es: "según MX y SPF; indíquelos con --via",
    ja: "MXとSPFから推定。--via で指定できます",
};
pub const ALSO_ALLOWED: Words = Words {
    en: "SPF also allows, and nothing more is known of them",
    es: "SPF también autoriza a los siguientes, de los que no se sabe más",
    ja: "このほかにSPFが許可している送信元(詳細は不明)",
};
pub const ALIGNED: Words = Words { en: "SPF aligned", es: "SPF alineado", ja: "SPFアライメント" };
pub const DMARC_CAN_PASS: Words = Words { en: "DMARC can pass", es: "DMARC posible", ja: "DMARC合格の可否" };

pub fn tristate(answer: Tristate) -> Words {
    match answer {
        Tristate::Yes => Words { en: "yes", es: "sí", ja: "可" },
        Tristate::No => Words { en: "no", es: "no", ja: "不可" },
        Tristate::Unknown => Words { en: "not known", es: "no se sabe", ja: "不明" },
    }
}

/// Why an evaluation broke off.
pub fn error(error: EvaluationError) -> Words {
    match error {
        EvaluationError::NoAnswer => {
            Words { en: "DNS gave no answer", es: "el DNS no respondió", ja: "DNSの応答がありません" }
        }
        EvaluationError::Syntax => {
            Words { en: "a term is invalid", es: "un término no es válido", ja: "無効な項目があります" }
        }
        EvaluationError::SeveralRecords => Words {
            en: "several SPF records at one name",
            es: "varios registros SPF en un mismo nombre",
            ja: "1つの名前に複数のSPFレコードがあります",
        },
        EvaluationError::NoRecord => Words {
            en: "no SPF record where this leads",
            es: "no hay registro SPF adonde lleva",
            ja: "参照先にSPFレコードがありません",
        },
        EvaluationError::TooManyLookups => {
            Words { en: "too many lookups", es: "demasiadas consultas", ja: "ルックアップが多すぎます" }
        }
        EvaluationError::TooManyVoids => Words {
            en: "too many void lookups",
            es: "demasiadas consultas vacías",
            ja: "空振りのルックアップが多すぎます",
        },
        EvaluationError::TooManyHosts => {
            Words { en: "too many MX hosts", es: "demasiados servidores MX", ja: "MXホストが多すぎます" }
        }
    }
}

/// Why a term is no list of addresses.
pub fn kept(why: KeptReason) -> Words {
    match why {
        KeptReason::Macro => NEEDS_MESSAGE,
        KeptReason::Exists | KeptReason::Ptr => Words {
            en: "does not stand for addresses",
            es: "no equivale a direcciones",
            ja: "アドレスに置き換えられません",
        },
        KeptReason::Failed(_) => Words { en: "no answer", es: "sin respuesta", ja: "応答なし" },
        KeptReason::Unread => NOT_FOLLOWED,
        KeptReason::Loop => LOOP,
        KeptReason::NoRecord => NO_RECORD,
        KeptReason::SeveralRecords => {
            Words { en: "several SPF records", es: "varios registros SPF", ja: "SPFレコードが複数あります" }
        }
        KeptReason::Invalid => {
            Words {
                en: "its record is invalid", es: "su registro no es válido", ja: "参照先のレコードが無効です"
            }
        }
        KeptReason::TooManyHosts => {
            Words { en: "more than ten hosts", es: "más de diez servidores", ja: "ホストが10個を超えます" }
        }
        KeptReason::TooManyRanges => {
            Words { en: "too many addresses", es: "demasiadas direcciones", ja: "アドレスが多すぎます" }
        }
        KeptReason::Inseparable | KeptReason::Explanation => Words {
            en: "means something else outside of its record",
            es: "fuera de su registro significa otra cosa",
            ja: "元のレコードの外では意味が変わります",
        },
    }
}

pub fn severity(severity: Severity) -> Words {
    match severity {
        Severity::Error => Words { en: "error", es: "error", ja: "エラー" },
        Severity::Warning => Words { en: "warning", es: "advertencia", ja: "警告" },
        Severity::Advice => Words { en: "advice", es: "consejo", ja: "助言" },
    }
}

pub fn sender(sender: Sender) -> Words {
    match sender {
        Sender::Everyone => Words { en: "everyone", es: "todos", ja: "すべての送信者" },
        Sender::Bulk => Words { en: "bulk senders", es: "envíos masivos", ja: "大量送信者" },
    }
}

/// A column of the table.
pub fn aspect(aspect: Aspect) -> Words {
    match aspect {
        Aspect::Spf => Words { en: "SPF", es: "SPF", ja: "SPF" },
        Aspect::Dkim => Words { en: "DKIM", es: "DKIM", ja: "DKIM" },
        Aspect::Dmarc => Words { en: "DMARC", es: "DMARC", ja: "DMARC" },
        Aspect::Alignment => Words { en: "alignment", es: "alineación", ja: "一致" },
        Aspect::Ptr => Words { en: "PTR", es: "PTR", ja: "PTR" },
        Aspect::Dns => Words { en: "DNS", es: "DNS", ja: "DNS" },
    }
}

/// An outcome in a column: nothing objected is short there, as the verdict says it in full.
pub fn cell(of: Outcome) -> Words {
    match of {
        Outcome::Nothing => Words { en: "fine", es: "bien", ja: "問題なし" },
        Outcome::Junk => Words { en: "junked", es: "a spam", ja: "迷惑メール" },
        _ => outcome(of),
    }
}

pub fn sure(sure: Sure) -> Words {
    match sure {
        Sure::Official => Words { en: "official source", es: "fuente oficial", ja: "公式情報" },
        Sure::ThirdParty => Words { en: "third-party source", es: "fuente de terceros", ja: "第三者の情報" },
        Sure::Memory => {
            Words {
                en: "from memory, unverified", es: "de memoria, sin verificar", ja: "記憶に基づく未確認情報"
            }
        }
    }
}

pub fn outcome(outcome: Outcome) -> Words {
    match outcome {
        Outcome::Nothing => Words { en: "no objection", es: "sin objeciones", ja: "指摘なし" },
        Outcome::Risk => Words { en: "at risk", es: "en riesgo", ja: "リスクあり" },
        Outcome::Unsure => Words { en: "unsure", es: "incierto", ja: "判定不能" },
        Outcome::Junk => Words { en: "junked", es: "a spam", ja: "迷惑メール扱い" },
        Outcome::Defer => Words { en: "deferred", es: "aplazado", ja: "一時拒否" },
        Outcome::Reject => Words { en: "refused", es: "rechazado", ja: "受信拒否" },
    }
}

pub const PROVIDER_TITLE: Words = Words {
    en: "{provider}: what to publish for {domain}",
    es: "{provider}: qué publicar para {domain}",
    ja: "{provider}: {domain} に公開するレコード",
};
pub const PROVIDER_NO_RECORDS: Words = Words {
    en: "The records to publish are not known here: the provider's own panel or help pages show them.",
    es: "Aquí no se conocen los registros que hay que publicar: consúltelos en el panel o en la ayuda del proveedor.",
    ja: "公開すべきレコードの情報はありません。サービス側の管理画面やヘルプで確認してください。",
};
pub const PROVIDER_PLACEHOLDERS: Words = Words {
    en: "What stands in angle brackets differs for each customer: copy it from the provider's panel.",
    es: "Lo que figura entre paréntesis angulares es distinto para cada cliente: cópielo del panel del proveedor.",
    ja: "山かっこ < > の部分は契約ごとに異なります。プロバイダーの管理画面からコピーしてください。",
};
pub const PROVIDER_ONE_SPF: Words = Words {
    en: "A domain may have only one SPF record: if there is one already, add `include:{include}` to it, before `all`.",
    es: "Un dominio solo puede tener un registro SPF: si ya existe uno, añádale `include:{include}` delante de `all`.",
    ja: "SPFレコードは1つのドメインに1つだけです。すでにある場合は、その `all` の前に `include:{include}` を追加してください。",
};
pub const RETURN_PATH_OWN: Words = Words {
    en: "Bounces go to your own domain (Return-Path), so SPF can align for DMARC.",
    es: "Los rebotes vuelven a su propio dominio (Return-Path), así que SPF puede alinearse para DMARC.",
    ja: "不達通知の送り先(Return-Path)はお使いのドメインになるため、SPFはDMARCのアライメントを満たせます。",
};
pub const RETURN_PATH_PROVIDER: Words = Words {
    en: "Bounces go to the provider's domain (Return-Path), so SPF cannot align for DMARC: DKIM is needed.",
    es: "Los rebotes vuelven al dominio del proveedor (Return-Path), así que SPF no puede alinearse para DMARC: hace falta DKIM.",
    ja: "不達通知の送り先(Return-Path)はプロバイダーのドメインになるため、SPFはDMARCのアライメントを満たせません。DKIMが必要です。",
};
pub const RETURN_PATH_EITHER: Words = Words {
    en: "Bounces go to the provider's domain (Return-Path) unless you set up a name of your own there: only then can SPF align for DMARC.",
    es: "Los rebotes vuelven al dominio del proveedor (Return-Path) salvo que configure allí un nombre propio: solo así SPF puede alinearse para DMARC.",
    ja: "不達通知の送り先(Return-Path)は、プロバイダー側で独自の名前を設定しない限り、プロバイダーのドメインになります。設定した場合に限り、SPFはDMARCのアライメントを満たせます。",
};
pub const HOST_FIELD: Words = Words { en: "host", es: "nombre", ja: "ホスト名" };
pub const PRIORITY_FIELD: Words = Words { en: "priority", es: "prioridad", ja: "優先度" };
pub const VALUE_FIELD: Words = Words { en: "value", es: "valor", ja: "値" };
pub const OR_FIELD: Words = Words { en: "or", es: "o bien", ja: "または" };
pub const ZONE_LINE: Words = Words { en: "zone line", es: "línea de zona", ja: "ゾーンファイルの行" };
pub const PANEL_ADDS: Words = Words {
    en: "panels that add the domain: GoDaddy, Cloudflare, Squarespace and most others",
    es: "paneles que añaden el dominio: GoDaddy, Cloudflare, Squarespace y casi todos los demás",
    ja: "ドメイン名を自動で付ける管理画面: GoDaddy、Cloudflare、Squarespaceなど大半",
};
pub const PANEL_WHOLE: Words = Words {
    en: "panels that want the whole name",
    es: "paneles que piden el nombre completo",
    ja: "完全な名前を入力する管理画面",
};
