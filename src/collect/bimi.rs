//! The BIMI record, and what it points to.

use crate::collect::{ask_below, texts};
use crate::dns::Dns;
use crate::evidence::Indicator;
use crate::name::Name;
use crate::records::bimi::Bimi;
use crate::records::svg::Svg;
use crate::web::{Document, Page, Request, Url, Web};

/// What files begin with that are not text in UTF-8: gzip (SVGZ), and UTF-16. They may be right, and are not read.
const NOT_UTF_8: [&[u8]; 3] = [&[0x1f, 0x8b], &[0xfe, 0xff], &[0xff, 0xfe]];

/// Asks for the record of the selector `default`, the only one that is known without a message; fetches the image and
/// the certificate where there is exactly one record.
pub(super) async fn indicator<D: Dns, W: Web>(dns: &D, web: &W, domain: &Name) -> Indicator {
    let record = texts(ask_below(dns, domain, "default._bimi").await, Bimi::read);
    let url = |named: Option<(&str, _)>| named.and_then(|(text, _)| Url::parse(text).ok());
    let image = record.only().and_then(|bimi| url(bimi.image()));
    let certificate = record.only().and_then(|bimi| url(bimi.certificate()));
    let (image, certificate) = tokio::join!(fetch(web, image), fetch(web, certificate));
    let svg = image.as_ref().and_then(Page::document).and_then(svg);
    Indicator { record, image, svg, certificate }
}

async fn fetch<W: Web>(web: &W, url: Option<Url>) -> Option<Page> {
    match url {
        Some(url) => Some(web.fetch(&Request::image(url)).await),
        None => None,
    }
}

fn svg(document: &Document) -> Option<Svg> {
    let is_readable = !NOT_UTF_8.iter().any(|start| document.octets.starts_with(start));
    if is_readable { Svg::read(&document.text) } else { None }
}
