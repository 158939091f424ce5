"""Keep accounts, sources, visits, posts and coverage in a database, and read them back as values of monitor."""
