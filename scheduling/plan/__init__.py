"""The plan: its types, its file (one GeoPackage) and the sealed part of it."""
