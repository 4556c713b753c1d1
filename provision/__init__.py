"""Creates, adopts and removes the AWS resources behind an agent."""
