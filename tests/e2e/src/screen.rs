//! The display as a person with a mouse sees it: which windows there are, and their close button.

use anyhow::{Context, Result};
use std::fs::File;
use std::path::Path;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, ImageFormat, Window,
};
use x11rb::rust_connection::RustConnection;

/// The mapped top-level windows of a process.
pub fn windows_of(process: u32) -> Result<Vec<u32>> {
    let (display, screen) = x11rb::connect(None).context("connect to the display")?;
    let root = display.setup().roots[screen].root;
    let mut found = Vec::new();
    for window in display.query_tree(root)?.reply()?.children {
        // A window may vanish between the two questions.
        let belongs = owner(&display, window).ok().flatten() == Some(process);
        if belongs && is_visible(&display, window).unwrap_or(false) {
            found.push(window);
        }
    }
    Ok(found)
}

/// Asks every window of a process to close, as the button in its frame does.
pub fn close_window(process: u32) -> Result<()> {
    let windows = windows_of(process)?;
    anyhow::ensure!(!windows.is_empty(), "the app has no window");
    let (display, _) = x11rb::connect(None)?;
    let protocols = atom(&display, "WM_PROTOCOLS")?;
    let delete = atom(&display, "WM_DELETE_WINDOW")?;
    for window in windows {
        let message = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
        // Checked, and with it answered: a display that closes at once may drop what was only sent.
        display
            .send_event(false, window, EventMask::NO_EVENT, message)?
            .check()?;
    }
    Ok(())
}

/// Writes what the screen shows of a process's window. Asked of the screen, not of the driver, whose
/// own pictures never come on some machines.
pub(crate) fn picture(process: u32, file: &Path) -> Result<()> {
    let windows = windows_of(process)?;
    let window = *windows.first().context("the app has no window")?;
    let (display, _) = x11rb::connect(None)?;
    let place = display.get_geometry(window)?.reply()?;
    let (width, height) = (place.width, place.height);
    let image = display.get_image(ImageFormat::Z_PIXMAP, window, 0, 0, width, height, u32::MAX)?;
    // Four bytes a pixel, blue first, the last one unused.
    let pixels: Vec<u8> = image
        .reply()?
        .data
        .chunks_exact(4)
        .flat_map(|pixel| [pixel[2], pixel[1], pixel[0]])
        .collect();
    let mut encoder = png::Encoder::new(File::create(file)?, width.into(), height.into());
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(())
}

fn owner(display: &RustConnection, window: Window) -> Result<Option<u32>> {
    let property = atom(display, "_NET_WM_PID")?;
    let reply = display.get_property(false, window, property, AtomEnum::CARDINAL, 0, 1)?;
    Ok(reply
        .reply()?
        .value32()
        .and_then(|mut values| values.next()))
}

fn is_visible(display: &RustConnection, window: Window) -> Result<bool> {
    let attributes = display.get_window_attributes(window)?.reply()?;
    let place = display.get_geometry(window)?.reply()?;
    // GTK keeps small unmapped helpers under the same process.
    let mapped = u8::from(attributes.map_state) != 0;
    Ok(mapped && place.width > 50 && place.height > 50)
}

fn atom(display: &RustConnection, name: &str) -> Result<u32> {
    Ok(display.intern_atom(false, name.as_bytes())?.reply()?.atom)
}
