"""What a program counts, as /metrics says.

metric(nerdx, 'nerdx_jobs{service="auth",state="dead"}')     None: it has no such series
metric_in(text, "nerdx_http_requests_active")                of a text that is there already
"""

import re


def metric_in(text, series):
    found = re.search(rf"^{re.escape(series)} ([^ \n]+)", text, re.MULTILINE)  # behind it may stand an exemplar
    return float(found.group(1)) if found else None


def metric(nerdx, series):
    return metric_in(nerdx.get("/metrics").text, series)
