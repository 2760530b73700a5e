//! Mails and saved pages, whole and damaged.

// The lint does not see that helpers of tests are test code.
#![allow(clippy::unwrap_used)]

use crate::reading::encoding::Refusal;
use crate::reading::formats::tests::samples::{check_promises, shown};
use crate::reading::formats::{Converted, FormatError};
use crate::reading::memory::Account;
use crate::reading::skip_reason::SkipReason;

fn read(bytes: &[u8]) -> Result<Converted, SkipReason> {
    super::read(bytes, &mut Account::of(usize::MAX).open())
}

/// Reads a mail, with both kinds of line ends.
fn check(mail: &str, expected: &[&str]) -> Converted {
    let document = read(mail.as_bytes()).unwrap();
    check_promises(&document);
    assert_eq!(shown(&document), expected, "{mail}");
    assert_eq!(read(mail.replace('\n', "\r\n").as_bytes()).unwrap(), document, "{mail}");
    document
}

const PAGE: &str = "From: <Saved by Blink>
Subject: =?utf-8?Q?=D0=9F=D0=BE=D1=80=D1=82?=
Date: Tue, 5 Mar 2024 10:00:00 +0800
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype=\"text/html\";
\tboundary=\"----b\"

Text for old programs.

------b
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable
Content-Location: https://example.org/

<html><body><h1>=E6=B8=AF=E5=8F=A3</h1><p>=D0=9F=D0=BE=
=D1=80=D1=82 a=3Db</p></body></html>
------b
Content-Type: text/css

p { color: red }
------b
Content-Type: text/html

<p>advertisement</p>
------b
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
------b--
after
";

#[test]
fn a_saved_page() {
    let page = check(PAGE, &["h1: 港口", "p: Порт a=b"]);
    assert_eq!(page.metadata.title.as_deref(), Some("港口"));
    assert_eq!((page.metadata.authors.len(), page.metadata.date), (0, None));
    assert_eq!(page.metadata.made.as_deref(), Some("2024-03-05"));
    assert!(page.remarks.is_empty());
}

#[test]
fn a_page_of_frames_is_read_by_its_frames() {
    let frames = PAGE.replace("<h1>=E6=B8=AF=E5=8F=A3</h1><p>=D0=9F=D0=BE=\n=D1=80=D1=82 a=3Db</p>", "<frameset>");
    check(&frames, &["p: advertisement"]);
}

#[test]
fn a_mail() {
    let mail = check(
        "Received: from x\nFrom: =?gb2312?B?zfW3vA==?= <wang@example.org>\nTo: b@example.org\nSubject: Ice report\nDate: 5 Mar 2024 10:00:00 +0000\n\
         Keywords: ice, 港口\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/alternative; boundary=a\n\n\
         --a\nContent-Type: text/plain; charset=utf-8\n\nThe same as text.\n--a\nContent-Type: text/html; charset=windows-1251\n\
         Content-Transfer-Encoding: base64\n\nPHA+z+7w8iA8Yj7y5fHyPC9iPjwvcD4=\n--a--\n--m\nContent-Type: application/pdf; name=a.pdf\n\
         Content-Disposition: attachment; filename=a.pdf\n\nJVBERi0=\n--m\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: quoted-printable\n\n\
         =F0=CF=D2=D4\n--m\nContent-Type: text/csv\nContent-Disposition: attachment\n\na,b\n--m--\n",
        &["p: Порт тест", "p: Порт"],
    );
    assert_eq!(mail.metadata.title.as_deref(), Some("Ice report"));
    assert_eq!(mail.metadata.authors, ["王芳"]);
    assert_eq!(mail.metadata.date.as_deref(), Some("2024-03-05"));
    assert_eq!(mail.metadata.keywords, ["ice", "港口"]);
    assert_eq!(mail.remarks, ["2 attachments are not read"]);
}

#[test]
fn texts_that_are_no_pages() {
    check(
        "From ann@example.org Tue Mar  5 10:00:00 2024\nFrom: ann@example.org\nSubject: x\n\nThe council met and the ship\nreturned to the northern harbour before the ice came.\n\n\
         > The fee was paid\n> before the spring.\n",
        &[
            "p: The council met and the ship returned to the northern harbour before the ice came.",
            "p: The fee was paid before the spring.",
        ],
    );
    // No line of a mailbox.
    check("From  : ann@example.org\n\nShort.", &["p: Short."]);
    check("Subject: x\nContent-Type: text/plain; charset=gb2312\n\n港口", &["p: 港口"]);
}

#[test]
fn a_mail_in_a_mail_is_read_after_it() {
    let mail = "To: x\nSubject: outer\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nSee below.\n--m\nContent-Type: message/rfc822\n\n\
                Subject: inner\nContent-Type: multipart/alternative; boundary=n\n\n--n\n\ntext\n--n\nContent-Type: text/html\n\n<p>page</p>\n--n--\n--m--\n";
    check(mail, &["p: See below.", "h1: inner", "p: page"]);
    let plain = mail.replace("Content-Type: multipart/alternative; boundary=n\n\n--n\n\ntext\n--n\nContent-Type: text/html\n\n<p>page</p>\n--n--", "\nShort.");
    check(&plain, &["p: See below.", "h1: inner", "p: Short."]);
}

#[test]
fn a_mail_without_a_text_is_found_by_its_subject() {
    let mail = "To: x\nSubject: =?utf-8?B?5riv5Y+j?=\nContent-Type: application/pdf\nContent-Disposition: attachment\n\nJVBERi0=\n";
    assert_eq!(check(mail, &["h1: 港口"]).remarks, ["1 attachment is not read"]);
}

#[test]
fn what_is_damaged_is_read_as_far_as_it_goes() {
    // The end is lost, and the blank line behind a header.
    check(
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>港口",
        &["p: 港口"],
    );
    check(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n<p>a</p>\n--b\n\nsecond",
        &["p: a", "p: second"],
    );
    // A boundary that no line has, or that the header lost.
    check("MIME-Version: 1\nContent-Type: multipart/mixed; boundary=b\n\nThe text.\n--c--\n", &["p: The text. --c--"]);
    check("MIME-Version: 1.0\nContent-Type: multipart/mixed\n\nThe text.", &["p: The text."]);
}

#[test]
fn what_is_not_read_says_why() {
    assert!(matches!(read(b"plain text: no header\n\nx"), Err(SkipReason::Document(FormatError::Damaged(_)))));
    assert!(matches!(read(b"Date: 5 Mar 2024\n\n"), Err(SkipReason::Document(FormatError::NoText))));
    let noise = [&b"Subject: x\nContent-Type: text/plain\n\n"[..], &[0, 1, 2, 3, 0xff, 0xfe, 7, 8].repeat(50)].concat();
    assert!(matches!(read(&noise), Err(SkipReason::Text(Refusal::Binary))));
}
