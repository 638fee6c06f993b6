"""The county end: ingest, projections, and the page that watches."""
