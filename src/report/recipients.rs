//! The domains that mail is sent to, and who takes the mail.

use std::fmt::Write as _;

use owo_colors::Style as Colour;
use serde::Serialize;

use crate::dns::Failure;
use crate::evidence::Route;
use crate::lang::{Lang, Words};
use crate::providers::Provider;
use crate::receivers::{Behind, Operator, Receiver, Recipient, Sign};
use crate::report::Style;
use crate::report::text::{paint, printable, wrap};

#[derive(Serialize)]
pub(super) struct JsonRecipient<'a> {
    domain: &'a str,
    /// The answer to the question for MX records, in the terms of DNS.
    outcome: &'static str,
    route: &'static str,
    receivers: Vec<&'a str>,
    /// `mx` or `name`, where a receiver that publishes rules was recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    recognised: Option<&'static str>,
    /// The hosts that are tried first: one for each that runs them.
    mx: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    behind: Vec<JsonBehind<'a>>,
    mixed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    meant: Option<&'a str>,
}

/// Whose mailboxes are behind the gateway, and whether `spf` or a `host` shows it.
#[derive(Serialize)]
struct JsonBehind<'a> {
    provider: &'a str,
    by: &'static str,
}

/// A line for each, and below it what is to be known; nothing without recipients.
pub(super) fn write(recipients: &[Recipient], style: Style) -> String {
    if recipients.is_empty() {
        return String::new();
    }
    let mut out = format!("{}\n", paint(RECIPIENTS.get(style.lang), Colour::new().bold(), style));
    for recipient in recipients {
        let _ = writeln!(out, "{}", wrap(&line(recipient, style.lang), style, "  "));
        for note in notes(recipient, style.lang) {
            let _ = writeln!(out, "{}", wrap(&printable(&note), style, "    "));
        }
    }
    if let Some(note) = by_standards(recipients) {
        let _ = writeln!(out, "{}", wrap(note.get(style.lang), style, "  "));
    }
    out + "\n"
}

/// What is said where one of them has no rules of its own.
pub(super) fn by_standards(recipients: &[Recipient]) -> Option<Words> {
    let has_no_rules = |operator| matches!(operator, Operator::Provider(_) | Operator::Unknown);
    let mut places = recipients.iter().flat_map(|recipient| &recipient.first);
    places.any(|place| has_no_rules(place.operator)).then_some(BY_STANDARDS)
}

pub(super) fn json_recipient(recipient: &Recipient) -> JsonRecipient<'_> {
    let operators = || recipient.first.iter().map(|place| place.operator);
    let provider = operators().find_map(|operator| match operator {
        Operator::Provider(provider) => Some(provider.id.as_str()),
        _ => None,
    });
    let by_mx = operators().any(|operator| matches!(operator, Operator::Receiver(_))).then_some("mx");
    let behind = recipient.behind.iter().map(|behind| JsonBehind {
        provider: &behind.provider.id,
        by: match behind.sign {
            Sign::Spf => "spf",
            Sign::Host => "host",
        },
    });
    JsonRecipient {
        domain: recipient.seen.domain.as_str(),
        outcome: recipient.seen.mx.outcome.comment(),
        route: route(recipient.route),
        receivers: recipient.receivers().into_iter().map(|receiver| receiver.id.as_str()).collect(),
        recognised: by_mx.or(recipient.by_name.map(|_| "name")),
        mx: recipient.first.iter().map(|place| place.host.as_str()).collect(),
        provider,
        gateway: recipient.gateway().map(|(provider, _)| provider.id.as_str()),
        behind: behind.collect(),
        mixed: recipient.mixed,
        meant: recipient.meant.as_ref().map(|name| name.as_str()),
    }
}

fn route(route: Route) -> &'static str {
    match route {
        Route::Exchanges => "mx",
        Route::Address => "address",
        Route::NullMx => "null-mx",
        Route::Nonexistent => "nonexistent",
        Route::Nowhere => "nowhere",
        Route::Unknown(_) => "unknown",
    }
}

/// The domains to which mail certainly cannot be delivered, each with a line that says so.
pub(super) fn dead(recipients: &[Recipient], lang: Lang) -> Vec<(String, String)> {
    let dead = recipients.iter().filter(|recipient| recipient.route.is_dead());
    dead.map(|recipient| (recipient.seen.domain.to_string(), line(recipient, lang))).collect()
}

/// `sky.com → Yahoo / AOL  (mx-eu.mail.am0.yahoodns.net)`.
pub(super) fn line(recipient: &Recipient, lang: Lang) -> String {
    printable(&format!("{} → {}", recipient.seen.domain, outcome(recipient, lang)))
}

/// Who takes the mail, or why nobody does.
pub(super) fn outcome(recipient: &Recipient, lang: Lang) -> String {
    match recipient.route {
        Route::Exchanges | Route::Address => places(recipient, lang),
        Route::Unknown(failure) => unknown(recipient.by_name, failure, lang),
        Route::NullMx => NULL_MX.get(lang).to_owned(),
        Route::Nonexistent => NONEXISTENT.get(lang).to_owned(),
        Route::Nowhere => NOWHERE.get(lang).to_owned(),
    }
}

fn unknown(by_name: Option<&Receiver>, failure: Failure, lang: Lang) -> String {
    let why = match failure {
        Failure::NotAsked => NOT_ASKED.get(lang).to_owned(),
        failure => NO_ANSWER.get(lang).replace("{code}", failure.code()),
    };
    match by_name {
        Some(receiver) => format!("{}  ({}; {why})", receiver.name, BY_NAME.get(lang)),
        None => format!("{}  ({why})", NOT_KNOWN.get(lang)),
    }
}

fn places(recipient: &Recipient, lang: Lang) -> String {
    let behind = recipient.behind.iter().map(|behind| behind.provider.name.as_str()).collect::<Vec<_>>().join(", ");
    let places = recipient.first.iter().map(|place| {
        let who = match place.operator {
            Operator::Receiver(receiver) => receiver.name.clone(),
            Operator::Gateway(provider) if !behind.is_empty() => {
                THEN.get(lang).replace("{gateway}", &provider.name).replace("{behind}", &behind)
            }
            Operator::Gateway(provider) | Operator::Provider(provider) => provider.name.clone(),
            Operator::Unknown => NO_RULES_KNOWN.get(lang).to_owned(),
        };
        format!("{who}  ({})", place.host)
    });
    places.collect::<Vec<_>>().join("; ")
}

/// What is to be known beside it: a sentence each.
pub(super) fn notes(recipient: &Recipient, lang: Lang) -> Vec<String> {
    let mut notes = Vec::new();
    let mut say = |words: Words, values: &[(&str, &str)]| {
        let text = values.iter().fold(words.get(lang).to_owned(), |text, (key, value)| text.replace(key, value));
        notes.push(text);
    };
    let domain = recipient.seen.domain.as_str();
    match recipient.route {
        Route::Address => say(IMPLICIT_MX, &[]),
        Route::Unknown(failure) if failure != Failure::NotAsked => say(ASK_AGAIN, &[]),
        _ => {}
    }
    if let Some(meant) = &recipient.meant {
        say(DID_YOU_MEAN, &[("{meant}", meant.as_str())]);
    }
    if let Some((gateway, _)) = recipient.gateway() {
        say(GATEWAY, &[("{gateway}", &gateway.name)]);
        for behind in &recipient.behind {
            say(sign(behind), &[("{behind}", &behind.provider.name), ("{domain}", domain)]);
            say(
                sees_the_gateway(behind.provider),
                &[("{behind}", &behind.provider.name), ("{gateway}", &gateway.name)],
            );
        }
    }
    if recipient.mixed {
        say(MIXED, &[]);
    }
    notes
}

fn sign(behind: &Behind) -> Words {
    match behind.sign {
        Sign::Spf => BEHIND_BY_SPF,
        Sign::Host => BEHIND_BY_HOST,
    }
}

fn sees_the_gateway(provider: &Provider) -> Words {
    if provider.id == "microsoft365" { MICROSOFT_SEES } else { BEHIND_SEES }
}

pub(super) const RECIPIENTS: Words = Words { en: "Recipients", es: "Destinatarios", ja: "宛先" };
const THEN: Words =
    Words {
        en: "{gateway}, then {behind}", es: "{gateway} y después {behind}", ja: "{gateway} を経由して {behind}"
    };
const NO_RULES_KNOWN: Words =
    Words { en: "not a receiver known here", es: "receptor no conocido", ja: "情報のない受信側" };
const BY_NAME: Words =
    Words { en: "by the name alone", es: "solo por el nombre", ja: "ドメイン名だけで判断" };
const NOT_KNOWN: Words = Words { en: "not known", es: "no se sabe", ja: "不明" };
const NULL_MX: Words = Words {
    en: "takes no mail, as it says itself by a null MX: mail to it is returned. Is the address right?",
    es: "no recibe correo, como declara con un MX nulo: lo que se le envíe será devuelto. ¿Es correcta la dirección?",
    ja: "null MXで「メールを受信しない」と宣言しているため、メールは返送されます。アドレスが正しいか確認してください。",
};
const NONEXISTENT: Words = Words {
    en: "does not exist: mail to it cannot be delivered. Is the address right?",
    es: "no existe: no se le puede entregar correo. ¿Es correcta la dirección?",
    ja: "存在しないドメインのため、メールは届きません。アドレスが正しいか確認してください。",
};
const NOWHERE: Words = Words {
    en: "has neither an MX record nor an address: mail to it cannot be delivered. Is the address right?",
    es: "no tiene registro MX ni de dirección: no se le puede entregar correo. ¿Es correcta la dirección?",
    ja: "MXレコードもアドレスもないため、メールは届きません。アドレスが正しいか確認してください。",
};
const DID_YOU_MEAN: Words =
    Words {
        en: "Did you mean {meant}?", es: "¿Quería decir {meant}?", ja: "{meant} の間違いではありませんか。"
    };
const IMPLICIT_MX: Words = Words {
    en: "There is no MX record, so mail goes to the address of the domain itself.",
    es: "No hay registro MX, así que el correo va a la dirección IP del propio dominio.",
    ja: "MXレコードがないため、メールはドメイン自身のアドレスに送られます。",
};
const NOT_ASKED: Words =
    Words { en: "its MX was not looked up", es: "no se consultó su MX", ja: "MXは調べていません" };
const NO_ANSWER: Words = Words {
    en: "DNS did not tell its MX: {code}",
    es: "el DNS no dio su MX: {code}",
    ja: "DNSからMXの応答を得られません: {code}",
};
const GATEWAY: Words = Words {
    en: "Mail goes through the filter of {gateway} first: its own rules, which its customer sets, decide before all others.",
    es: "El correo pasa primero por el filtro de {gateway}: las reglas propias de ese filtro, que fija su cliente, deciden antes que todas las demás.",
    ja: "メールはまず {gateway} のフィルターを通ります。最初に判断するのは、その契約者が設定した独自のルールです。",
};
const BEHIND_BY_SPF: Words = Words {
    en: "The mailboxes behind it seem to be at {behind}: the SPF record of {domain} lets it send.",
    es: "Los buzones que hay detrás parecen estar en {behind}: el registro SPF de {domain} lo autoriza a enviar.",
    ja: "{domain} のSPFレコードが {behind} に送信を許可しているため、その後ろのメールボックスは {behind} にあるとみられます。",
};
const BEHIND_BY_HOST: Words = Words {
    en: "The mailboxes behind it seem to be at {behind}: it has a mail host for {domain}.",
    es: "Los buzones que hay detrás parecen estar en {behind}: tiene un servidor de correo para {domain}.",
    ja: "{behind} に {domain} 用のメールホストがあるため、その後ろのメールボックスは {behind} にあるとみられます。",
};
const MICROSOFT_SEES: Words = Words {
    en: "{behind} sees the address of {gateway} in place of the sender's, unless Enhanced Filtering for Connectors is on there; only then do its own rules apply to the sender in full.",
    es: "{behind} ve la dirección de {gateway} en lugar de la del remitente, salvo que tenga activado el filtrado mejorado para conectores; solo entonces sus propias reglas se aplican por completo al remitente.",
    ja: "{behind} 側でコネクタの拡張フィルター処理が有効でない限り、{behind} からは送信元ではなく {gateway} のアドレスが見えます。{behind} 自身のルールが送信元にすべて適用されるのは、有効な場合だけです。",
};
const BEHIND_SEES: Words = Words {
    en: "{behind} sees the address of {gateway} in place of the sender's, unless it is set up to look past it.",
    es: "{behind} ve la dirección de {gateway} en lugar de la del remitente, salvo que esté configurado para identificar el servidor de origen.",
    ja: "{behind} 側で {gateway} より前の送信元を確認する設定をしていない限り、{behind} からは送信元ではなく {gateway} のアドレスが見えます。",
};
const BY_STANDARDS: Words = Words {
    en: "A receiver of which no rules are known is judged by what the standards (RFCs) let any receiver do.",
    es: "Un receptor del que no se conocen reglas propias se juzga por lo que los estándares (RFC) permiten a cualquier receptor.",
    ja: "独自ルールが知られていない受信側は、標準(RFC)が受信側一般に認めている対応で判定します。",
};
const MIXED: Words = Words {
    en: "Its MX hosts lead to different receivers: those named here are tried first, others only where they do not answer.",
    es: "Sus servidores MX llevan a receptores distintos: primero se prueban los que se indican aquí; los demás, solo si estos no responden.",
    ja: "MXホストが複数の異なる受信側を指しています。先に試されるのはここに挙げたもので、それ以外は応答がない場合にだけ使われます。",
};
const ASK_AGAIN: Words = Words {
    en: "Try again later, or ask another DNS server with `--resolver`.",
    es: "Inténtelo más tarde o consulte otro servidor DNS con `--resolver`.",
    ja: "時間をおいて再度試すか、`--resolver` で別のDNSサーバーを指定してください。",
};
