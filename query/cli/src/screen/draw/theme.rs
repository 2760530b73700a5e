//! Colours, or what stands for them where there are none.

use ratatui::style::{Color, Modifier, Style};
use svod_render::Paint;

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::screen) enum Role {
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

/// Gives each piece of text its style: the sixteen colours of the terminal's own palette, so that it is
/// readable on light and dark.
#[derive(Debug, Clone, Copy)]
pub(in crate::screen) struct Theme(pub(in crate::screen) Paint);

impl Theme {
    pub(in crate::screen) fn style(self, role: Role) -> Style {
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
        // What is bold and dim is one or the other, as the terminal likes: bold text over a dim line is bold.
        if style.add_modifier.contains(Modifier::BOLD) { style.remove_modifier(Modifier::DIM) } else { style }
    }
}
