//! Where things are in this checkout.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand};

/// The checkout and what cargo knows of it.
pub(crate) struct Workspace {
    /// Packages and the resolved graph, from `Cargo.lock`.
    pub(crate) metadata: Metadata,
}

impl Workspace {
    /// Asks cargo. The manifest of this package stands one folder below the root.
    pub(crate) fn load() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
        let metadata = MetadataCommand::new()
            .manifest_path(manifest)
            .exec()
            .context("failed to read the metadata of the workspace")?;
        Ok(Self { metadata })
    }

    /// The root folder of the checkout.
    pub(crate) fn root(&self) -> &Path {
        self.metadata.workspace_root.as_std_path()
    }

    /// Cargo's target folder.
    pub(crate) fn target(&self) -> &Path {
        self.metadata.target_directory.as_std_path()
    }

    /// A program of this workspace that the build step has made.
    pub(crate) fn built_program(&self, name: &str) -> PathBuf {
        self.target().join("debug").join(name)
    }

    /// The committed `OpenAPI` document.
    pub(crate) fn document(&self) -> PathBuf {
        self.root().join("api-spec/openapi.json")
    }
}
