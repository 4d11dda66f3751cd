"""The whole of template.yaml on 127.0.0.1: no Docker, no account.

SAM's translator turns the template into CloudFormation, an in-process moto deploys it, real Lambda runtimes
(awslambdaric) run the handlers, and SAM's own API Gateway front serves the routes.
"""
