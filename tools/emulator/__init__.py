"""The local AWS: moto's server, corrected where it answers otherwise than AWS does.

Each module holds one AWS service. Without the corrections the provider would find differences that
nobody made, at every update. They are for the version that requirements.txt pins.
"""
