"""The command line: a thin shell that turns arguments into options and reports into text."""
