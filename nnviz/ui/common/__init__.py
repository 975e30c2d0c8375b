"""What every page may use: texts, boxes, live parts, uploads, jobs that a worker answers, and the session's draft.
Imported by the rooms beside it, which do not import one another. Start at `session` and `worker_job`."""
