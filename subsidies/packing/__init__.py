"""Cases as ZIP files that leave the portal: for an audit (`audit`), for a request for disclosure (`disclosure`)."""
