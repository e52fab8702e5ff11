using System.Text;

namespace OrderClosr.Ground.Running;

/// <summary>An exception as a log may have it: its types and where it rose, never its message.</summary>
/// <remarks>Messages of parsers and databases repeat what they choked on: a customer's words, a phone, a token.</remarks>
internal static class Faults
{
    extension(Exception error)
    {
        internal string Fault()
        {
            var text = new StringBuilder();
            for (Exception? e = error; e is not null; e = e.InnerException)
                text.Append(text.Length > 0 ? " <- " : "").Append(e.GetType().FullName).Append('\n').Append(e.StackTrace);
            return text.ToString();
        }
    }
}
