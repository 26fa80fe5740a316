//! Pages on paper.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use super::Browser;

impl Browser {
    /// The page as it is printed on A4, as PDF.
    pub fn print(&self) -> Vec<u8> {
        let body = json!({ "page": { "width": 21.0, "height": 29.7 }, "background": true });
        let pdf = self.send_command("print", body);
        BASE64_STANDARD.decode(pdf.as_str().unwrap()).unwrap()
    }

    /// The number of sheets of A4 that the page takes on paper.
    pub fn sheets(&self) -> usize {
        sheets(&self.print())
    }

    /// Shows the page with the style of paper, until `emulate_screen`.
    pub fn emulate_paper(&self) {
        self.emulate_medium("print");
    }

    pub fn emulate_screen(&self) {
        self.emulate_medium("");
    }

    fn emulate_medium(&self, medium: &str) {
        let body = json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "media": medium } });
        self.send_command("goog/cdp/execute", body);
    }
}

/// The number of pages of a PDF: each is an object of this type; `/Pages` is the list of them.
pub fn sheets(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    text.split("/Type /Page").skip(1).filter(|rest| !rest.starts_with('s')).count()
}
