//! The two selectors of Microsoft 365 lead to two tenants.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{is_lost_alias, microsoft};

pub static RULE: Rule = Rule {
    id: "dkim-tenants-differ",
    severity: Severity::Warning,
    references: &["Microsoft: Set up DKIM to sign mail from your cloud domain"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM selectors of {domain} lead to two different Microsoft 365 tenants: {tenants}",
            here: "not the same tenant",
            why: "A domain belongs to one tenant, and both of its keys are made there. One of these records was copied from elsewhere or is left over from a former tenant: signatures with that selector fail, at the latest when Microsoft 365 changes from one key to the other.",
            fix: "Copy both targets from the Defender portal of the tenant that {domain} belongs to, under Email authentication settings, DKIM.",
        },
        es: Prose {
            title: "los selectores DKIM de {domain} llevan a dos inquilinos (tenants) de Microsoft 365 distintos: {tenants}",
            here: "no es el mismo inquilino",
            why: "Un dominio pertenece a un solo inquilino, y allí se crean sus dos claves. Uno de estos registros se copió de otro sitio o procede de un inquilino anterior: las firmas con ese selector fallan, como muy tarde cuando Microsoft 365 pase de una clave a la otra.",
            fix: "Copie ambos destinos del portal de Defender del inquilino al que pertenece {domain}, en «Configuración de autenticación de correo electrónico», DKIM.",
        },
        ja: Prose {
            title: "{domain} のDKIMセレクターが、Microsoft 365の別々のテナントを指しています: {tenants}",
            here: "テナントが一致していません",
            why: "1つのドメインは1つのテナントに属し、2つの鍵はどちらもそのテナントで作られます。一方のレコードは別の場所からコピーされたか、以前のテナントのものが残っています。そのセレクターの署名は、遅くともMicrosoft 365が鍵を切り替えた時点で検証に失敗します。",
            fix: "{domain} が属するテナントのDefenderポータルの「メールの認証の設定」のDKIMから、両方の値をコピーしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let aliases = microsoft::aliases(evidence);
    // Of one that leads to nothing, another rule says so.
    if !microsoft::tenants_differ(evidence) || aliases.iter().any(|alias| is_lost_alias(evidence, alias.selector)) {
        return;
    }
    let mut tenants: Vec<&str> = aliases.iter().map(|alias| alias.tenant).collect();
    tenants.dedup();
    let finding = RULE.at(aliases.iter().map(|alias| alias.record.data_span()));
    findings.push(finding.with("domain", &evidence.domain).with("tenants", tenants.join(", ")));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn two_tenants() {
        finds(
            &RULE,
            r#"
            selector1._domainkey CNAME selector1-example-test._domainkey.old.onmicrosoft.com.
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            selector2._domainkey CNAME selector2-example-test._domainkey.new.n-v1.dkim.mail.microsoft.
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            selector1-example-test._domainkey.old.onmicrosoft.com. TXT "v=DKIM1; p="
            selector2-example-test._domainkey.new.n-v1.dkim.mail.microsoft. TXT "v=DKIM1; p="
            "#,
        );
    }

    #[test]
    fn the_records_alone_tell() {
        let alias =
            |n, tenant| format!("selector{n}._domainkey CNAME selector{n}-a._domainkey.{tenant}.onmicrosoft.com.\n");
        let mut found = Vec::new();
        for evidence in offline_evidence(&(alias(1, "one") + &alias(2, "two"))) {
            check(&evidence, &mut found);
        }
        assert_eq!(found.len(), 1);
        // The one without a key is the wrong one, and another rule says so.
        clean(&RULE, &(alias(1, "one") + &alias(2, "two")));
    }

    #[test]
    fn one_tenant_in_both_forms() {
        clean(
            &RULE,
            "selector1._domainkey CNAME selector1-a._domainkey.x.onmicrosoft.com.\n\
             selector2._domainkey CNAME selector2-a._domainkey.x.n-v1.dkim.mail.microsoft.\n\
             selector1-a._domainkey.x.onmicrosoft.com. TXT \"v=DKIM1; p=\"\n\
             selector2-a._domainkey.x.n-v1.dkim.mail.microsoft. TXT \"v=DKIM1; p=\"\n",
        );
    }
}
