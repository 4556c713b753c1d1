"""The policies that AWS itself manages, as far as roles for agents and Lambda functions are given them."""

from __future__ import annotations

import json

PREFIX = "arn:aws:iam::aws:policy/"

_LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
_NAMES = """
AdministratorAccess PowerUserAccess ReadOnlyAccess SecurityAudit IAMFullAccess IAMReadOnlyAccess
AmazonBedrockFullAccess AmazonBedrockReadOnly AmazonBedrockLimitedAccess AmazonBedrockStudioPermissionsBoundary
AWSLambda_FullAccess AWSLambda_ReadOnlyAccess AWSLambdaExecute AWSLambdaInvocation-DynamoDB
AmazonDynamoDBFullAccess AmazonDynamoDBFullAccess_v2 AmazonDynamoDBReadOnlyAccess
AmazonS3FullAccess AmazonS3ReadOnlyAccess CloudWatchFullAccess CloudWatchFullAccessV2 CloudWatchReadOnlyAccess
CloudWatchLogsFullAccess CloudWatchLogsReadOnlyAccess CloudWatchLambdaInsightsExecutionRolePolicy
AWSXRayDaemonWriteAccess AWSXrayWriteOnlyAccess AmazonSSMReadOnlyAccess AmazonSSMManagedInstanceCore
SecretsManagerReadWrite AmazonSQSFullAccess AmazonSNSFullAccess AmazonEC2FullAccess AmazonEC2ReadOnlyAccess
AmazonSageMakerFullAccess AmazonOpenSearchServiceFullAccess AmazonKendraFullAccess BedrockAgentCoreFullAccess
service-role/AWSLambdaBasicExecutionRole service-role/AWSLambdaVPCAccessExecutionRole service-role/AWSLambdaRole
service-role/AWSLambdaDynamoDBExecutionRole service-role/AWSLambdaSQSQueueExecutionRole
service-role/AWSLambdaKinesisExecutionRole service-role/AWSLambdaMSKExecutionRole
job-function/ViewOnlyAccess job-function/SystemAdministrator job-function/DataScientist
"""
ARNS = frozenset(PREFIX + name for name in _NAMES.split())
"""AWS has about a thousand more; one that is not here is refused as one that does not exist."""

DOCUMENTS = {
    f"{PREFIX}AdministratorAccess": json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    ),
    f"{PREFIX}service-role/AWSLambdaBasicExecutionRole": json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": _LOGS, "Resource": "*"}]}
    ),
}
"""What is known of their content."""
