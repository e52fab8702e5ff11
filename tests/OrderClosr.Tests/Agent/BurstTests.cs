using OrderClosr.Agent;
using OrderClosr.Conversations;

namespace OrderClosr.Tests.Agent;

/// <summary>When a customer has finished typing: a second after a finished question, six in the middle of something, never more than twelve.</summary>
public sealed class BurstTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);

    private static double SecondsAfterFirst(params (string Text, MessageKind Kind, double At)[] messages) =>
        (Burst.EndsAt([.. messages.Select(m => (m.Text, m.Kind, Start.AddSeconds(m.At)))]) - Start).TotalSeconds;

    [Theory]
    [InlineData("ch7al la robe?", 1)]
    [InlineData("شحال الروبة؟", 1)]
    [InlineData("oui", 1)]
    [InlineData("نعم أكدها", 1)]
    [InlineData("lala", 1)]
    [InlineData("slm", 6)]
    [InlineData("سلام عليكم", 6)]
    [InlineData("bonjour khoya", 6)]
    [InlineData("je veux la robe noire et", 6)]
    [InlineData("smiti amine,", 6)]
    [InlineData("nheb robe...", 6)]
    [InlineData("je veux la robe noire taille M", 2)]
    [InlineData("robe noire !", 2)]
    [InlineData("robe noire", 4)]
    public void A_single_message_is_waited_on_as_long_as_it_seems_unfinished(string text, double seconds) => Assert.Equal(seconds, SecondsAfterFirst((text, MessageKind.Text, 0)));

    [Theory]
    [InlineData(MessageKind.Button, "", 1)]
    [InlineData(MessageKind.Order, "", 1)]
    [InlineData(MessageKind.Audio, "", 1)]
    [InlineData(MessageKind.Image, "", 6)]
    [InlineData(MessageKind.Image, "celle-ci en noir", 3)]
    public void A_button_is_answered_at_once_and_a_photo_waits_for_its_words(MessageKind kind, string text, double seconds) => Assert.Equal(seconds, SecondsAfterFirst((text, kind, 0)));

    [Fact]
    public void Each_message_of_a_burst_starts_the_wait_anew()
    {
        Assert.Equal(8, SecondsAfterFirst(("slm", MessageKind.Text, 0), ("khoya", MessageKind.Text, 2)));
        Assert.Equal(4, SecondsAfterFirst(("slm", MessageKind.Text, 0), ("ch7al la robe?", MessageKind.Text, 3)));
        // A yes in a burst may be the first half of "yes, but".
        Assert.Equal(5, SecondsAfterFirst(("robe noire", MessageKind.Text, 0), ("oui", MessageKind.Text, 3)));
    }

    [Fact]
    public void Nobody_waits_longer_than_twelve_seconds_after_their_first_message()
    {
        Assert.Equal(12, SecondsAfterFirst(("slm", MessageKind.Text, 0), ("khoya", MessageKind.Text, 4), ("svp", MessageKind.Text, 8)));
        Assert.Equal(12, SecondsAfterFirst(("slm", MessageKind.Text, 0), ("ch7al la robe?", MessageKind.Text, 11.5)));
        // One that waited for its turn while more came is due at once.
        Assert.Equal(12, SecondsAfterFirst(("slm", MessageKind.Text, 0), ("khoya", MessageKind.Text, 40)));
    }

    [Fact]
    public void What_was_written_last_decides_and_what_was_stored_last_starts_the_wait() =>
        Assert.Equal(4, SecondsAfterFirst(("slm", MessageKind.Text, 3), ("ch7al la robe?", MessageKind.Text, 0)));
}
