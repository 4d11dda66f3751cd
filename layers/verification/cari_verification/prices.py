"""What AWS asks for what a verification uses: list prices in US dollars, without free tiers, discounts or taxes.

Region us-east-1, first tier, on demand, as known in November 2026; compare before quoting them:
aws.amazon.com/lambda/pricing, /api-gateway/pricing, /s3/pricing, /dynamodb/pricing/on-demand, /rekognition/pricing,
/sqs/pricing, /kms/pricing, /cloudwatch/pricing, /xray/pricing, /ec2/pricing/on-demand (transfer).
Other regions differ by some percent. The receipt and `make bench-cost` both price by this file.
"""

from __future__ import annotations

from typing import Final, Literal

Processor = Literal["x86_64", "arm64"]

BASIS: Final[dict[Processor, str]] = {
    "x86_64": "AWS list prices, us-east-1, x86, as known in 2026-11",
    "arm64": "AWS list prices, us-east-1, arm64, as known in 2026-11",
}

LAMBDA_GB_SECOND: Final[dict[Processor, float]] = {"x86_64": 0.0000166667, "arm64": 0.0000133334}
LAMBDA_REQUEST = 0.20 / 1e6
API_GATEWAY_REQUEST = 3.50 / 1e6  # REST API, first 333 million a month
S3_PUT = 0.005 / 1e3
S3_GET = 0.0004 / 1e3
S3_GB_MONTH = 0.023  # Standard, first 50 TB
DYNAMODB_WRITE_UNIT = 0.625 / 1e6  # one for each started kilobyte of an item
DYNAMODB_READ_UNIT = 0.125 / 1e6
REKOGNITION_IMAGE = 0.001  # a call of CompareFaces or of DetectFaces, first million a month
SQS_REQUEST = 0.40 / 1e6  # standard queues
KMS_ECC_REQUEST = 0.15 / 1e4  # Sign and GetPublicKey of an elliptic-curve key
LOGS_GB = 0.50  # of what functions write, ingested
XRAY_TRACE = 5.00 / 1e6  # recorded
TRANSFER_GB = 0.09  # out to the internet

DAYS_A_MONTH = 30
GB = 1e9
LAMBDA_GB_MB = 1024  # Lambda's gigabyte of memory, in its megabytes
WRITE_UNIT_BYTES, READ_UNIT_BYTES = 1024, 4096
