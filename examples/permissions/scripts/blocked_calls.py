"""Finds the calls of an account that were refused: python3 blocked_calls.py 21215"""

import sys

from gate import client

alerts = client.monitor.alerts.list(log_level="error")
print(f"{sys.argv[1]}: {len([alert for alert in alerts if alert.error_code == sys.argv[1]])}")
