namespace OrderClosr.Tests;
public class FirstTest { [Fact] public void It_runs() => Assert.True(true); }
