"""What AWS asks for what a verification uses: list prices in US dollars, without free tiers, discounts or taxes.

Region us-east-1, x86 processors, first tier, on demand, as known in November 2026; compare before quoting them:
aws.amazon.com/lambda/pricing, /api-gateway/pricing, /s3/pricing, /dynamodb/pricing/on-demand, /rekognition/pricing.
Other regions differ by some percent; arm64 functions cost a fifth less.
"""

from __future__ import annotations

BASIS = "AWS list prices, us-east-1, x86, as known in 2026-11"

LAMBDA_GB_SECOND = 0.0000166667
LAMBDA_REQUEST = 0.20 / 1e6
API_GATEWAY_REQUEST = 3.50 / 1e6  # REST API, first 333 million a month
S3_PUT = 0.005 / 1e3
S3_GET = 0.0004 / 1e3
S3_GB_MONTH = 0.023  # Standard, first 50 TB
DYNAMODB_WRITE_UNIT = 0.625 / 1e6  # one for each started kilobyte of an item
DYNAMODB_READ_UNIT = 0.125 / 1e6
REKOGNITION_IMAGE = 0.001  # a call of CompareFaces or of DetectFaces, first million a month

DAYS_A_MONTH = 30
GB = 1e9
LAMBDA_GB_MB = 1024  # Lambda's gigabyte of memory, in its megabytes
WRITE_UNIT_BYTES = 1024
