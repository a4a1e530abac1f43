"""What a model wrote, turned into changes of files: read leniently, placed by content, refused where ambiguous."""
