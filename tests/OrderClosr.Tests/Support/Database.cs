namespace OrderClosr.Tests.Support;

/// <summary>On which database a test runs.</summary>
public enum Database { Sqlite, Postgres }
