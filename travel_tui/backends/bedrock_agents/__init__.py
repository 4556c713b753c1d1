"""The one place that knows boto3 and the shapes of AWS. Importing it imports no boto3; opening an agent does."""
