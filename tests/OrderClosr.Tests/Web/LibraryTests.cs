using System.Diagnostics;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Web;

/// <summary>The scripts of others that we carry are the ones their publisher sent.</summary>
public sealed class LibraryTests
{
    [Fact]
    public async Task Our_copies_of_npm_packages_are_what_the_lock_names()
    {
        Assert.SkipUnless(await RunsAsync("npm", "--version", Path.GetTempPath()), "npm is not here.");
        var folder = Directory.CreateTempSubdirectory("orderclosr-npm-").FullName;
        try
        {
            foreach (var file in new[] { "package.json", "package-lock.json" }) File.Copy(Path.Combine(Repository.Root, "src/OrderClosr", file), Path.Combine(folder, file));
            Assert.SkipUnless(await RunsAsync("npm", "ci --ignore-scripts --no-audit --no-fund", folder), "The npm registry cannot be reached.");
            foreach (var (ours, theirs) in new[]
            {
                ("htmx.min.js", "htmx.org/dist/htmx.min.js"), ("hx-sse.min.js", "htmx.org/dist/ext/hx-sse.min.js"), ("htmx.LICENSE.txt", "htmx.org/LICENSE"),
                ("zxing-browser.min.js", "@zxing/browser/umd/zxing-browser.min.js"), ("zxing-browser.LICENSE.txt", "@zxing/browser/LICENSE"), ("zxing-library.LICENSE.txt", "@zxing/library/LICENSE"),
                ("uplot.min.js", "uplot/dist/uPlot.iife.min.js"), ("uplot.min.css", "uplot/dist/uPlot.min.css"), ("uplot.LICENSE.txt", "uplot/LICENSE"),
                ("swagger-ui-bundle.js", "swagger-ui-dist/swagger-ui-bundle.js"), ("swagger-ui.css", "swagger-ui-dist/swagger-ui.css"), ("swagger-ui.LICENSE.txt", "swagger-ui-dist/LICENSE"),
                ("swagger-ui-bundle.js.LICENSE.txt", "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt"),
            })
                Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, "node_modules", theirs)), await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src/OrderClosr/wwwroot/lib", ours)));
            Assert.DoesNotContain("http", await File.ReadAllTextAsync(Path.Combine(folder, "package-lock.json")), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> RunsAsync(string program, string arguments, string folder)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            _ = process.StandardOutput.ReadToEndAsync();
            _ = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
