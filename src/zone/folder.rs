//! The folder that a zone file and its `$INCLUDE` files may be read from. Nothing outside of it is ever opened.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::source::{Source, SourceKind};

/// Files of more bytes than this are refused.
pub const MAX_FILE_BYTES: u64 = 512 * 1024 * 1024;

/// A folder with a zone file: files may be included from here and from below.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The folder without symbolic links.
    root: PathBuf,
    /// The folder as it was named.
    shown: PathBuf,
    /// The zone file without symbolic links.
    file: PathBuf,
    /// What is read in place of files, by their paths without symbolic links.
    texts: HashMap<PathBuf, String>,
}

/// A file that was included.
#[derive(Clone, Debug)]
pub struct Included {
    /// The text; its name is the path by which a person opens the file.
    pub source: Arc<Source>,
    /// The file without symbolic links.
    pub path: PathBuf,
}

/// Why a file is not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderError {
    /// It is outside of the folder: by an absolute path, by `..`, or by a symbolic link.
    Outside,
    /// It is not there, is no regular file, is too large, or cannot be read.
    Unreadable,
    /// It is being read already: it includes itself.
    Circle,
}

/// Reads a file of at most 512 MiB; its name is the path as given.
///
/// # Errors
/// When the file cannot be read, is no regular file, or is too large.
pub fn read_file(path: &Path) -> io::Result<Arc<Source>> {
    let text = text_of(path)?;
    Ok(Source::new(path.to_string_lossy(), text, SourceKind::File))
}

impl Folder {
    /// The folder that holds this file.
    ///
    /// # Errors
    /// When the file is not there.
    pub fn of(file: &Path) -> io::Result<Folder> {
        Folder::with(file.parent().unwrap_or(Path::new("")), file)
    }

    /// A folder that holds this file, or a folder of it does.
    ///
    /// # Errors
    /// When the folder or the file is not there.
    pub fn with(folder: &Path, file: &Path) -> io::Result<Folder> {
        let root = if folder.as_os_str().is_empty() { Path::new(".") } else { folder }.canonicalize()?;
        Ok(Folder { root, shown: folder.to_path_buf(), file: file.canonicalize()?, texts: HashMap::new() })
    }

    /// The same folder, where these texts stand in place of files, as if they were written already.
    #[must_use]
    pub fn with_texts(self, texts: HashMap<PathBuf, String>) -> Folder {
        Folder { texts, ..self }
    }

    /// The zone file itself, without symbolic links.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Reads a file by the name that stands in an `$INCLUDE`.
    ///
    /// The name is looked up in this folder, as BIND does in its working directory, then in the folder of the
    /// including file. `open` are the files that are being read, from [`Folder::file`] to the including one.
    ///
    /// # Errors
    /// When the file is outside, is one of `open`, or cannot be read.
    pub fn read(&self, name: &str, open: &[PathBuf]) -> Result<Included, FolderError> {
        let near = open.last().and_then(|file| file.parent()).and_then(|folder| folder.strip_prefix(&self.root).ok());
        match (self.read_from(Path::new(""), name, open), near) {
            (Err(FolderError::Outside | FolderError::Unreadable), Some(near)) => self.read_from(near, name, open),
            (found, _) => found,
        }
    }

    /// The path of a file that is there, in the folder or below it.
    ///
    /// # Errors
    /// When it is outside, or is not there.
    pub fn find(&self, name: &str) -> Result<PathBuf, FolderError> {
        self.found(Path::new(""), name).map(|(path, _)| path)
    }

    /// The path of a file, and the same from the folder.
    fn found(&self, folder: &Path, name: &str) -> Result<(PathBuf, PathBuf), FolderError> {
        // Refused before anything is looked up: not even whether a file outside exists can be learnt.
        let inside = self.inside(folder, Path::new(name)).ok_or(FolderError::Outside)?;
        let path = self.root.join(&inside).canonicalize().map_err(|_| FolderError::Unreadable)?;
        if path.starts_with(&self.root) { Ok((path, inside)) } else { Err(FolderError::Outside) }
    }

    fn read_from(&self, folder: &Path, name: &str, open: &[PathBuf]) -> Result<Included, FolderError> {
        let (path, inside) = self.found(folder, name)?;
        if open.contains(&path) {
            return Err(FolderError::Circle);
        }
        let text = match self.texts.get(&path) {
            Some(text) => text.clone(),
            None => text_of(&path).map_err(|_| FolderError::Unreadable)?,
        };
        let shown = self.shown.join(inside);
        Ok(Included { source: Source::new(shown.to_string_lossy(), text, SourceKind::File), path })
    }

    /// The path from the root, if the name does not lead out of it.
    fn inside(&self, folder: &Path, name: &Path) -> Option<PathBuf> {
        let (folder, name) =
            if name.is_absolute() { (Path::new(""), name.strip_prefix(&self.root).ok()?) } else { (folder, name) };
        let mut inside = folder.to_path_buf();
        for part in name.components() {
            match part {
                Component::Normal(part) => inside.push(part),
                Component::CurDir => {}
                Component::ParentDir if inside.pop() => {}
                _ => return None,
            }
        }
        Some(inside)
    }
}

fn text_of(path: &Path) -> io::Result<String> {
    // Asked before opening: opening a pipe would wait for its writer.
    if !path.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 512 MiB"));
    }
    Ok(decode(bytes))
}

/// A file that is not UTF-8 is most likely an old one in Latin-1: each byte that is not part of valid UTF-8 becomes
/// the character of the same number, as in [`crate::zone::Txt`]. So every file can be read, and lines and columns
/// are those of the file; byte offsets are those of the decoded text.
pub fn decode(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let mut text = String::with_capacity(error.as_bytes().len() * 2);
        for chunk in error.as_bytes().utf8_chunks() {
            text.push_str(chunk.valid());
            text.extend(chunk.invalid().iter().map(|byte| char::from(*byte)));
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A folder with `zones/main.zone` that is removed behind the test.
    struct Scratch(tempfile::TempDir);

    impl Scratch {
        fn new() -> Scratch {
            let scratch = tempfile::tempdir().expect("a folder");
            let folder = scratch.path();
            fs::create_dir_all(folder.join("zones/keys")).expect("a folder");
            fs::write(folder.join("secret"), "x").expect("a file");
            for file in ["main.zone", "a.zone", "keys/b.zone", "keys/c.zone"] {
                fs::write(folder.join("zones").join(file), file).expect("a file");
            }
            Scratch(scratch)
        }

        fn folder(&self) -> Folder {
            Folder::of(&self.0.path().join("zones/main.zone")).expect("a folder")
        }

        fn read(&self, name: &str, from: &str) -> Result<String, FolderError> {
            let folder = self.folder();
            let open = [folder.file().to_path_buf(), folder.root.join(from)];
            folder.read(name, &open).map(|included| included.source.text.clone())
        }
    }

    #[test]
    fn files_are_found_from_the_folder_and_from_the_including_file() {
        let scratch = Scratch::new();
        assert_eq!(scratch.read("a.zone", "main.zone"), Ok("a.zone".to_owned()));
        assert_eq!(scratch.read("keys/b.zone", "keys/c.zone"), Ok("keys/b.zone".to_owned()));
        assert_eq!(scratch.read("b.zone", "keys/c.zone"), Ok("keys/b.zone".to_owned()));
        assert_eq!(scratch.read("../a.zone", "keys/c.zone"), Ok("a.zone".to_owned()));
        assert_eq!(scratch.read("b.zone", "main.zone"), Err(FolderError::Unreadable));
    }

    #[test]
    fn an_included_file_has_the_name_that_opens_it() {
        let scratch = Scratch::new();
        let folder = scratch.folder();
        let open = [folder.file().to_path_buf(), folder.root.join("keys/c.zone")];
        let included = folder.read("./b.zone", &open).expect("a file");
        assert_eq!(Path::new(&included.source.name), scratch.0.path().join("zones/keys/b.zone"));
    }

    #[test]
    fn nothing_outside_is_read() {
        let scratch = Scratch::new();
        let secret = scratch.0.path().join("secret");
        for name in ["../secret", "keys/../../secret", "..", "/etc/hostname", "/", &secret.to_string_lossy()] {
            assert_eq!(scratch.read(name, "main.zone"), Err(FolderError::Outside), "{name}");
        }
        // A missing file outside is not told from one that is there.
        assert_eq!(scratch.read("../nothing", "main.zone"), Err(FolderError::Outside));
        assert_eq!(scratch.read("keys", "main.zone"), Err(FolderError::Unreadable));
        assert_eq!(scratch.read("", "main.zone"), Err(FolderError::Unreadable));
        assert_eq!(scratch.read("a\0b", "main.zone"), Err(FolderError::Unreadable));
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_links_do_not_lead_out() {
        use std::os::unix::fs::symlink;
        let scratch = Scratch::new();
        symlink(scratch.0.path().join("secret"), scratch.0.path().join("zones/out")).expect("a link");
        symlink(scratch.0.path(), scratch.0.path().join("zones/up")).expect("a link");
        symlink("a.zone", scratch.0.path().join("zones/in")).expect("a link");
        assert_eq!(scratch.read("out", "main.zone"), Err(FolderError::Outside));
        assert_eq!(scratch.read("up/secret", "main.zone"), Err(FolderError::Outside));
        assert_eq!(scratch.read("in", "main.zone"), Ok("a.zone".to_owned()));
    }

    #[test]
    fn circles_are_refused() {
        let scratch = Scratch::new();
        assert_eq!(scratch.read("main.zone", "a.zone"), Err(FolderError::Circle));
        assert_eq!(scratch.read("a.zone", "a.zone"), Err(FolderError::Circle));
    }

    #[test]
    fn old_files_are_read_as_latin_1() {
        assert_eq!(decode(b"caf\xe9 \xc3\xa9 \xff".to_vec()), "caf\u{e9} \u{e9} \u{ff}");
    }
}
