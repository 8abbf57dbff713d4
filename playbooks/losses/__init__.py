"""The register of losses: opened by the night's movements or by hand on notice, explained by people."""
