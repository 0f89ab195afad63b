//! The words around a bounce, beside those of its causes.

use crate::bounce::{Class, Fixer, Kind};
use crate::lang::Words;

pub const FROM: Words = Words { en: "from", es: "De (From)", ja: "差出人(From)" };
pub const MAIL_FROM: Words = Words {
    en: "envelope sender (MAIL FROM)",
    es: "remitente del sobre (MAIL FROM)",
    ja: "エンベロープ送信者(MAIL FROM)",
};
pub const DATE: Words = Words { en: "sent", es: "enviado", ja: "送信日時" };
pub const SEEN_IP: Words = Words {
    en: "sending address, as the reply names it",
    es: "dirección IP que envió, según la respuesta",
    ja: "送信元IPアドレス(応答に記載)",
};
/// Who handed it to an earlier server is not who sent it to the one that refused.
pub const HANDED_OVER_BY: Words = Words {
    en: "handed over by, as its header says",
    es: "procedencia, según su encabezado",
    ja: "引き渡し元(ヘッダーに記載)",
};
pub const ORIGINAL: Words =
    Words { en: "The mail that came back", es: "El correo devuelto", ja: "戻ってきたメール" };
pub const OPERATOR: Words = Words {
    en: "{ip} is an address of {provider}: its reputation and its reverse DNS (PTR) are the provider's to look after; SPF, DKIM and DMARC of your domain are yours.",
    es: "{ip} es una dirección de {provider}: su reputación y su DNS inverso (PTR) corresponden al proveedor; SPF, DKIM y DMARC de su dominio le corresponden a usted.",
    ja: "{ip} は {provider} のIPアドレスです。そのレピュテーションと逆引き(PTR)は事業者の管理範囲で、ドメインのSPF・DKIM・DMARCは自社で設定します。",
};
pub const SIGNATURES: Words = Words { en: "signed with DKIM as", es: "firmado con DKIM como", ja: "DKIM署名" };

pub const SAYS: Words = Words { en: "What the reply says", es: "Qué dice la respuesta", ja: "応答の内容" };
pub const REFUSED_BY: Words = Words { en: "refused by", es: "rechazado por", ja: "拒否したサーバー" };
pub const WRITTEN_BY: Words = Words {
    en: "reported by: {server}; no other server is named",
    es: "comunicado por: {server}; no se menciona ningún otro servidor",
    ja: "通知したサーバー: {server}(ほかのサーバーの記載はありません)",
};
pub const SIGNED_BY_OTHERS: Words = Words {
    en: "It is signed by {signers} alone, not by {from}: for DMARC that signature does not count.",
    es: "Lleva firma DKIM de {signers}, pero no de {from}: para DMARC no cuenta.",
    ja: "署名しているのは {signers} だけで、{from} の署名はありません。この署名はDMARCでは有効とみなされません。",
};
pub const SIGNING_IS_OFF: Words = Words {
    en: "Microsoft 365 signs so while DKIM is not turned on for {from}.",
    es: "Microsoft 365 firma así mientras DKIM no está activado para {from}.",
    ja: "Microsoft 365では、{from} のDKIMが有効になっていない場合にこうなります。",
};
pub const NOBODY_NAMED: Words =
    Words {
        en: "no server is named", es: "no se menciona ningún servidor", ja: "サーバー名の記載はありません"
    };
pub const RETRY_UNTIL: Words = Words { en: "it is tried again until", es: "se reintenta hasta", ja: "再送の期限" };
pub const REMEDY: Words = Words { en: "what to do", es: "qué hacer", ja: "対処" };
pub const TURN: Words = Words { en: "whose turn it is", es: "a quién le toca actuar", ja: "対応が必要な側" };
pub const CUT: Words =
    Words { en: "Not all of it is read", es: "No se ha leído todo", ja: "一部のみ読み取りました" };
pub const CUT_SAYS: Words = Words {
    en: "The bounce is too long to be read whole: only its beginning is told of here (recipients: {count}).",
    es: "El mensaje de no entrega es demasiado largo para leerlo entero: aquí solo figura el principio (destinatarios: {count}).",
    ja: "不達通知が長いため、先頭の {count} 件の宛先だけを対象にしています。",
};
/// Of several bounces.
pub const SOME_CUT: Words = Words {
    en: "Some of the bounces are too long to be read whole: of these, only the first recipients are counted.",
    es: "Algunos mensajes de no entrega son demasiado largos para leerlos enteros: de ellos solo se cuentan los primeros destinatarios.",
    ja: "一部の不達通知は長いため、先頭部分の宛先だけを集計しています。",
};
pub const NO_CAUSE: Words = Words {
    en: "No cause is known for this reply: it is told here word for word, and nothing is concluded from it.",
    es: "No se conoce ninguna causa para esta respuesta: se reproduce tal cual y no se concluye nada de ella.",
    ja: "この応答に当てはまる原因は登録されていません。応答は原文のまま示し、推測はしません。",
};
pub const NO_REPLY: Words = Words {
    en: "The bounce quotes no reply, so it does not say why.",
    es: "El mensaje de no entrega no cita ninguna respuesta, así que no dice el motivo.",
    ja: "不達通知に応答の記載がないため、理由は分かりません。",
};
pub const TRANSIENT: Words = Words {
    en: "Its code begins with 4: the server that sends tries again by itself.",
    es: "Su código empieza por 4: el servidor remitente lo vuelve a intentar por sí solo.",
    ja: "コードが4で始まるため、送信サーバーが自動的に再試行します。",
};

pub const DNS_NOW: Words =
    Words { en: "What DNS shows now", es: "Qué muestra el DNS ahora", ja: "現在のDNSの状態" };
pub const NOT_CHECKED: Words = Words {
    en: "Not looked at. `--check` asks DNS about {domain}; `--zone` and `--from` answer from a file.",
    es: "No se ha consultado. `--check` consulta el DNS de {domain}; con `--zone` y `--from` las respuestas se toman de un archivo.",
    ja: "まだ確認していません。`--check` を付けると {domain} をDNSに問い合わせます。ファイルで確認するには `--zone` または `--from` を指定してください。",
};
pub const NO_SENDER: Words = Words {
    en: "Not looked at: the text does not say which domain sent the mail. `mailvet check DOMAIN` looks at it.",
    es: "No se ha consultado: el texto no dice qué dominio envió el correo. `mailvet check DOMINIO` lo comprueba.",
    ja: "確認していません。送信元のドメインが読み取れないためです。`mailvet check ドメイン` で調べられます。",
};
pub const SPF_PASSES: Words = Words {
    en: "SPF of {domain} lets {ip}, the address that sent, pass today.",
    es: "El SPF de {domain} autoriza hoy a {ip}, la dirección que envió.",
    ja: "現在、{domain} のSPFは送信元の {ip} を許可しています(pass)。",
};
pub const SPF_FAILS: Words = Words {
    en: "SPF of {domain} does not let {ip}, the address that sent, pass today: the result is “{result}”.",
    es: "El SPF de {domain} no autoriza hoy a {ip}, la dirección que envió: el resultado es «{result}».",
    ja: "現在、{domain} のSPFは送信元の {ip} を許可していません(結果は「{result}」です)。",
};
pub const SPF_UNKNOWN: Words = Words {
    en: "Whether SPF of {domain} lets {ip}, the address that sent, pass is not known: DNS did not tell.",
    es: "No se sabe si el SPF de {domain} autoriza a {ip}, la dirección que envió: el DNS no lo ha dicho.",
    ja: "{domain} のSPFが送信元の {ip} を許可しているかどうかは、DNSから回答が得られず分かりません。",
};
pub const SPF_TERM: Words = Words {
    en: "If you know this server and it is to send for you, add `{term}` to the SPF record, in front of `all`.",
    es: "Si conoce ese servidor y debe enviar en su nombre, añada `{term}` al registro SPF, delante de `all`.",
    ja: "このサーバーからの送信に心当たりがあり、許可する場合は、SPFレコードの `all` の前に `{term}` を追加してください。",
};
pub const KEY_IS_THERE: Words = Words {
    en: "The DKIM key of its signature is published: {name}.",
    es: "La clave DKIM de su firma está publicada: {name}.",
    ja: "署名に使われたDKIM鍵は公開されています: {name}。",
};
pub const KEY_IS_MISSING: Words = Words {
    en: "The DKIM key of its signature is not there: at {name} nothing is published, so this signature fails. Publish the record that the service which signs gives you.",
    es: "Falta la clave DKIM de su firma: en {name} no hay nada publicado, así que esta firma falla. Publique el registro que le indique el servicio que firma.",
    ja: "署名に使われたDKIM鍵がありません。{name} には何も公開されていないため、この署名の検証は失敗します。署名しているサービスが指定するレコードを公開してください。",
};
pub const KEY_UNKNOWN: Words = Words {
    en: "Whether the DKIM key of its signature is published is not known: DNS did not tell ({name}).",
    es: "No se sabe si la clave DKIM de su firma está publicada: el DNS no lo ha dicho ({name}).",
    ja: "署名に使われたDKIM鍵が公開されているかどうかは、DNSから回答が得られず分かりません({name})。",
};
pub const EXPLAINED: Words = Words {
    en: "{domain} has this now, and it explains such a refusal: {ids}.",
    es: "{domain} tiene ahora lo siguiente, que explica un rechazo así: {ids}.",
    ja: "{domain} には現在、このような拒否につながる問題があります: {ids}。",
};
pub const EXPLAINED_ABOVE: Words = Words {
    en: "That explains such a refusal.",
    es: "Eso explica un rechazo así.",
    ja: "上記は、このような拒否の理由になります。",
};
/// The reply does not speak of the records.
pub const MAY_EXPLAIN: Words = Words {
    en: "{domain} has this now; the reply does not say that it is the reason, but it may have to do with it: {ids}.",
    es: "{domain} tiene ahora lo siguiente; la respuesta no dice que sea el motivo, pero puede estar relacionado: {ids}.",
    ja: "{domain} には現在、次の問題があります。応答はこれを理由に挙げていませんが、関係している可能性があります: {ids}。",
};
pub const MAY_EXPLAIN_ABOVE: Words = Words {
    en: "The reply does not say that this is the reason, but it may have to do with it.",
    es: "La respuesta no dice que ese sea el motivo, pero puede estar relacionado.",
    ja: "応答はこれを理由に挙げていませんが、関係している可能性があります。",
};
pub const RECIPIENT_IS_DEAD: Words = Words {
    en: "DNS shows the same now: mail to {domain} cannot be delivered.",
    es: "El DNS muestra ahora lo mismo: no se puede entregar correo a {domain}.",
    ja: "現在のDNSでも同じ状態です。{domain} 宛てのメールは配信できません。",
};
pub const DNS_IS_SILENT: Words = Words {
    en: "DNS did not tell all that is needed, so whether the records of {domain} explain this refusal is not known.",
    es: "El DNS no ha dicho todo lo necesario, así que no se sabe si los registros de {domain} explican este rechazo.",
    ja: "必要な情報の一部がDNSから得られなかったため、{domain} のレコードがこの拒否の理由かどうかは分かりません。",
};
pub const DNS_IS_RIGHT: Words = Words {
    en: "Nothing in the records of {domain} today explains this refusal.",
    es: "Nada en los registros actuales de {domain} explica este rechazo.",
    ja: "{domain} の現在のレコードには、この拒否の理由となる問題は見つかりません。",
};
pub const ALSO_FOUND: Words = Words {
    en: "Also found, but it does not explain this reply: {ids}. `mailvet check {domain}` shows it in full.",
    es: "También se encontró, aunque no explica esta respuesta: {ids}. `mailvet check {domain}` lo muestra por completo.",
    ja: "この応答の理由ではありませんが、次の点も見つかりました: {ids}。詳しくは `mailvet check {domain}` で確認できます。",
};

pub const GUESSES: Words =
    Words { en: "What is a guess", es: "Qué es solo una suposición", ja: "推測にとどまること" };
pub const UNCERTAIN_REPLY: Words = Words {
    en: "This reply says nothing certain: what stands under “what to do” is an order in which to try, not a diagnosis.",
    es: "Esta respuesta no dice nada seguro: lo que figura en «qué hacer» son pasos para probar por orden, no un diagnóstico.",
    ja: "この応答だけでは原因を断定できません。「対処」は診断結果ではなく、試す順番です。",
};
/// Where the records are right today and the reply speaks of authentication.
pub const ELSE_AUTHENTICATION: [Words; 3] = [
    Words {
        en: "The records may have been changed since: try again, old answers live as long as their TTL.",
        es: "Quizá los registros han cambiado desde entonces: vuelva a intentarlo; las respuestas antiguas duran lo que su TTL.",
        ja: "このメールの送信後にレコードが変更された可能性があります。もう一度送信してみてください(古い応答はTTLの間残ります)。",
    },
    Words {
        en: "The mail may have been sent by a server or service that the records do not name, or that does not sign with DKIM as your domain: look at the headers of a mail that arrived elsewhere.",
        es: "Quizá el correo lo envió un servidor o servicio que no figura en los registros o que no firma con DKIM como su dominio: mire los encabezados de un correo que sí haya llegado a otro sitio.",
        ja: "レコードに含まれていないサーバーやサービス、または自社ドメインでDKIM署名しないサーバーやサービスから送信された可能性があります。ほかの宛先に届いたメールのヘッダーを確認してください。",
    },
    Words {
        en: "It may have been forwarded or changed on its way: then SPF fails at the last receiver, and DKIM where the text was changed.",
        es: "Quizá se reenvió o se modificó por el camino: entonces falla SPF en el último receptor, y DKIM si se cambió el texto.",
        ja: "途中で転送または改変された可能性があります。転送されると最終の受信側でSPFが失敗し、本文が変わるとDKIMも失敗します。",
    },
];

pub const SUMMARY: Words = Words { en: "Summary", es: "Resumen", ja: "集計" };
pub const BOUNCES: Words = Words { en: "bounces", es: "mensajes de no entrega", ja: "不達通知" };
pub const RECIPIENTS: Words = Words { en: "recipients", es: "destinatarios", ja: "宛先" };
pub const NO_BOUNCES: Words = Words { en: "other mail", es: "otros correos", ja: "不達通知以外" };
pub const BY_RECEIVER: Words = Words { en: "By receiver", es: "Por receptor", ja: "受信側ごと" };
pub const BY_CAUSE: Words = Words { en: "By cause", es: "Por causa", ja: "原因ごと" };
pub const BY_SENDER: Words =
    Words { en: "By sender domain", es: "Por dominio remitente", ja: "送信元ドメインごと" };
pub const UNKNOWN: Words = Words { en: "not known", es: "desconocido", ja: "不明" };
pub const CURES_MOST: Words = Words {
    en: "What one change would cure most",
    es: "Qué cambio resolvería más rechazos",
    ja: "最も多くの拒否を解消できる変更",
};
pub const CURES: Words = Words {
    en: "{count} of {all} refusals: {title}",
    es: "{count} de {all} rechazos: {title}",
    ja: "{all} 件中 {count} 件: {title}",
};
/// The replies do not say so themselves.
pub const MAY_CURE: Words = Words {
    en: "perhaps {count} of {all} refusals: {title}",
    es: "quizá {count} de {all} rechazos: {title}",
    ja: "{all} 件中 {count} 件(可能性): {title}",
};
pub const ONE_AT_A_TIME: Words = Words {
    en: "Given alone, each is explained in full; `--format json` has all of them.",
    es: "Cada uno, por separado, se explica completo; `--format json` los incluye todos.",
    ja: "1通ずつ指定すると詳しい説明が表示されます。`--format json` にはすべて含まれます。",
};
pub const NOTHING_OF_OURS: Words = Words {
    en: "No change to the sender's DNS would cure any of them, as far as the replies tell.",
    es: "Por lo que dicen las respuestas, ningún cambio en el DNS del remitente resolvería ninguno de ellos.",
    ja: "応答を見る限り、送信側のDNSを変更して解消できるものはありません。",
};

pub fn kind(kind: Kind) -> Words {
    match kind {
        Kind::Failed => {
            Words {
                en: "mail was not delivered", es: "correo no entregado", ja: "メールは届きませんでした"
            }
        }
        Kind::Delayed => Words {
            en: "mail is late: it was not delivered yet, and is tried again",
            es: "correo retrasado: aún no se ha entregado y se volverá a intentar",
            ja: "配送が遅れています(まだ届いておらず、再試行が続いています)",
        },
        Kind::Delivered => Words {
            en: "no bounce: it says that mail was delivered or passed on",
            es: "no es un mensaje de no entrega: dice que el correo se entregó o se pasó a otro servidor",
            ja: "不達通知ではありません(メールが配送または中継されたという通知です)",
        },
        Kind::AutoReply => Words {
            en: "no bounce: an automatic answer, such as “out of office”",
            es: "no es un mensaje de no entrega: es una respuesta automática, como «fuera de la oficina»",
            ja: "不達通知ではありません(不在通知などの自動応答です)",
        },
        Kind::Feedback => Words {
            en: "no bounce: a complaint, somebody marked delivered mail as spam",
            es: "no es un mensaje de no entrega: es una queja (alguien marcó como spam un correo entregado)",
            ja: "不達通知ではありません(届いたメールが迷惑メールとして報告されたという通知です)",
        },
        Kind::Other => Words {
            en: "no bounce: nothing in it says that mail was refused",
            es: "no es un mensaje de no entrega: nada en el texto dice que se rechazara un correo",
            ja: "不達通知ではありません(メールが拒否されたことを示す記述がありません)",
        },
    }
}

pub fn fixer(fixer: Fixer) -> Words {
    match fixer {
        Fixer::SenderDns => Words {
            en: "yours: the DNS of the domain that sends",
            es: "a usted: el DNS del dominio que envía",
            ja: "送信元ドメインの管理者(DNSの修正)",
        },
        Fixer::SenderService => Words {
            en: "the service or server that sends, or its administrator",
            es: "al servicio o servidor que envía, o a su administrador",
            ja: "送信に使っているサービスやサーバーの管理者",
        },
        Fixer::Receiver => {
            Words {
                en: "the administrator of the receiver", es: "al administrador del receptor", ja: "受信側の管理者"
            }
        }
        Fixer::Recipient => Words { en: "the recipient", es: "al destinatario", ja: "受信者" },
        Fixer::Nobody => Words { en: "nobody: wait", es: "a nadie: espere", ja: "なし(待つだけで済みます)" },
    }
}

pub fn class(class: Class) -> Words {
    match class {
        Class::Authentication => Words {
            en: "authentication (SPF, DKIM, DMARC)",
            es: "autenticación (SPF, DKIM, DMARC)",
            ja: "認証(SPF・DKIM・DMARC)",
        },
        Class::Reputation => Words {
            en: "reputation, block lists",
            es: "reputación, listas de bloqueo",
            ja: "評価(レピュテーション)・ブロックリスト",
        },
        Class::Rate => Words {
            en: "too much mail, too fast",
            es: "demasiado correo, demasiado rápido",
            ja: "送信量・送信速度の制限",
        },
        Class::Recipient => {
            Words { en: "the recipient's mailbox", es: "buzón del destinatario", ja: "宛先のメールボックス" }
        }
        Class::Dns => {
            Words {
                en: "DNS, network, transport", es: "DNS, red, transporte", ja: "DNS・ネットワーク・転送経路"
            }
        }
        Class::Relay => Words { en: "relaying refused", es: "retransmisión rechazada", ja: "中継の拒否" },
        Class::Content => Words { en: "what is in the mail", es: "contenido del correo", ja: "メールの内容" },
        Class::Other => Words { en: "other", es: "otras", ja: "その他" },
    }
}
