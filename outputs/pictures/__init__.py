"""Pictures of report and page as vector graphics."""
