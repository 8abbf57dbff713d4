"""What the pages of work share: choices beside a search, files to take out, who may change a row."""
