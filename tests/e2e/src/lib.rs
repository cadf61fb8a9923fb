//! Drives the real app through WebKitWebDriver: what a person does with keys and clicks, and what
//! they see. It knows the page by its roles and names, as a screen reader does.
//!
//! Nothing here knows the app's code: no function of it is called, no file of it is read but the
//! ones a person could look at. Linux only, where the web view has a driver.

mod app;
mod driver;
mod learn;
mod page;
mod place;
pub mod process;
mod screen;
pub mod service;
pub mod tutor;

pub use app::App;
pub use place::Place;
pub use screen::{close_window, windows_of};
pub use service::Service;
