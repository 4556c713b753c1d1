"""Migration of session summaries to records of another memory: plan, batches, and the state of an interrupted run."""
