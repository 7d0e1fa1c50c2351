"""Building from zero: the bill of a site and the ways it is measured along."""
