"""Everything known of a site, or of all sites, in one piece."""
