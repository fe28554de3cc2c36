-- What every load prints at its end, as one line of JSON: answers, those that were not 2xx, seconds, and latency in us.
done = function(summary, latency, _)
  local errors = summary.errors
  print(string.format(
    'RESULT {"answers": %d, "refused": %d, "broken": %d, "seconds": %.6f, "p50_us": %.1f, "p99_us": %.1f}',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, latency:percentile(50), latency:percentile(99)))
end
