"""Events as files for other tools: OCEL 2.0 JSON, XES and CSV, written piece by piece."""
