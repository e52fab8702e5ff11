// Two cores run tests, app, sandbox and database: more at once would only make waits fail.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]
