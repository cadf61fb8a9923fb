//! Course folders to lessons: manifest, Markdown to safe HTML, lint
