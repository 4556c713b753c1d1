"""Creation, adoption and removal of the AWS resources behind an agent."""
