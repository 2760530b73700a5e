//! Styles: colours, or other attributes on a terminal without colours.

use ratatui::style::{Color, Modifier, Style};
use svod_render::Paint;

/// The role of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Text,
    Title,
    Place,
    Dim,
    Found,
    Chosen,
    Mark,
    Chip,
    Message,
}

/// The style of each role. It uses only the sixteen colours of the terminal's palette, so that text is readable
/// on light and on dark backgrounds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Theme(pub(super) Paint);

impl Theme {
    pub(super) fn style(self, role: Role) -> Style {
        let style = Style::new();
        let coloured = match role {
            Role::Text => style,
            Role::Title => style.add_modifier(Modifier::BOLD),
            Role::Place => style.fg(Color::Cyan),
            Role::Dim => style.add_modifier(Modifier::DIM),
            Role::Found => style.fg(Color::Red).add_modifier(Modifier::BOLD),
            Role::Chosen => style.fg(Color::Cyan).add_modifier(Modifier::BOLD),
            Role::Mark => style.fg(Color::Yellow).add_modifier(Modifier::BOLD),
            Role::Chip => style.fg(Color::Black).bg(Color::Cyan),
            Role::Message => style.fg(Color::Yellow),
        };
        let plain = match role {
            Role::Text | Role::Dim | Role::Place | Role::Message => style,
            Role::Title | Role::Chosen | Role::Mark => style.add_modifier(Modifier::BOLD),
            Role::Found => style.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Role::Chip => style.add_modifier(Modifier::REVERSED),
        };
        let style = if self.0 == Paint::Colour { coloured } else { plain };
        // Terminals show text that is both bold and dim differently, so bold text is never dim.
        if style.add_modifier.contains(Modifier::BOLD) { style.remove_modifier(Modifier::DIM) } else { style }
    }
}
