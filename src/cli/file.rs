//! Writing a file: whole, or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::sources::from_here;

/// Can a file of this name be written? It is not touched.
pub fn check(path: &Path) -> io::Result<()> {
    let folder = folder(path);
    match folder.metadata() {
        Ok(found) if !found.is_dir() => Err(io::Error::new(io::ErrorKind::NotADirectory, "not a folder")),
        Ok(_) if path.is_dir() => Err(io::Error::new(io::ErrorKind::IsADirectory, "this is a folder")),
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Puts this text in place of the file: a reader sees the old one or the new one, never a part of it.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let old = path.metadata().ok();
    // A pipe or a device cannot be replaced.
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        return File::options().write(true).open(path)?.write_all(text.as_bytes());
    }
    // Behind a link stands the file that is meant.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let (new, mut file) = beside(&path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).and_then(|()| match old {
        Some(old) => fs::set_permissions(&new, old.permissions()),
        None => Ok(()),
    });
    drop(file);
    let done = written.and_then(|()| fs::rename(&new, &path));
    if done.is_err() {
        // It is the first error that matters.
        let _ = fs::remove_file(&new);
    }
    done
}

/// The folder that a file is in.
pub fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The next file of this name: in the folder (that of the path, where it is a file), or above it as far as the root of the
/// repository, which is the folder with .git in it.
pub fn upwards(path: &Path, name: &str) -> Option<PathBuf> {
    let start = folder_to_search(path).canonicalize().ok()?;
    for folder in start.ancestors() {
        let found = folder.join(name);
        if found.symlink_metadata().is_ok() {
            return Some(found);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// The folder itself, or that of a file.
pub fn folder_to_search(path: &Path) -> &Path {
    if path.is_dir() { path } else { folder(path) }
}

/// As somebody would write it from the working directory: below it, or with `..`.
pub fn shown(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| folder.is_absolute());
    let here = std::env::current_dir().unwrap_or_default();
    match folder.and_then(|folder| here.strip_prefix(folder).ok()).zip(path.file_name()) {
        Some((below, name)) => below.components().map(|_| "..").collect::<PathBuf>().join(name),
        None => from_here(path),
    }
}

/// A new file in the same folder.
fn beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no name of a file"))?;
    let new = folder(path).join(format!(".{}.{}.new", name.to_string_lossy(), std::process::id()));
    Ok((new.clone(), File::create_new(&new)?))
}
