"""The full-screen client: a Textual app whose screens and widgets do not depend on AWS."""
