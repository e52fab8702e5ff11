using Microsoft.AspNetCore.Components;

namespace OrderClosr.Tests.House;

/// <summary>Who may use whom. The rooms stand in the order of a message's road; facts go forward, calls go back.</summary>
public sealed class RoomOrderTests
{
    private static readonly string[] Rooms =
        ["Workspaces", "Billing", "Channels", "Customers", "Conversations", "Catalogue", "Shipping", "Orders", "Parcels", "Cash", "Agent", "Sheets", "Dashboard", "Privacy"];

    private static readonly string[] Readers = ["Sheets", "Dashboard", "Privacy"];

    [Fact]
    public void A_room_uses_the_rooms_above_it_and_none_below() => Sources.None(
        [.. Uses(from => Rooms.Contains(from.Room) && !from.IsPage, (from, to) => Rooms.Contains(to) && (Array.IndexOf(Rooms, to) > Array.IndexOf(Rooms, from) || (Readers.Contains(to) && to != from)))],
        "a room uses Ground, Web and the rooms above it; a room below listens to its facts",
        "calls in both directions make one tangle of all rooms: nothing could be read, tested or taken out alone");

    [Fact]
    public void The_ground_knows_no_room_no_page_and_no_vendor() => Sources.None(
        [.. Uses(from => from.Room == "Ground", (_, to) => to is not ("Ground" or ""))],
        "Ground uses only Ground", "all rooms stand on it");

    [Fact]
    public void Values_stand_on_dotnet_alone() => Sources.None(
        [.. Code.Uses.Where(u => u.Owner.Namespace == "OrderClosr.Ground.Values" && u.Type.Namespace != "OrderClosr.Ground.Values" && u.Type.Namespace!.StartsWith("OrderClosr", StringComparison.Ordinal)).Select(u => $"{u.Owner.FullName} uses {u.Type.FullName}").Distinct()],
        "Ground/Values uses only .NET", "a value must be usable and testable anywhere");

    [Fact]
    public void A_vendor_is_known_to_nobody_but_the_wiring() => Sources.None(
        [.. Code.Uses.Where(u => IsVendor(u.Type) && VendorOf(u.Owner) != VendorOf(u.Type) && RoomOf(u.Owner) is not ("" or "Verbs")).Select(u => $"{u.Owner.FullName} uses {u.Type.FullName}").Distinct()],
        "only App.cs knows Vendors/<Name>; vendors do not know each other", "a vendor's wall: replacing one must touch one folder");

    [Fact]
    public void A_types_namespace_is_its_rooms_folder()
    {
        var wrong = Sources.App.Where(f => f.Path.EndsWith(".cs", StringComparison.Ordinal)).Select(f => (f.Path, Space: System.Text.RegularExpressions.Regex.Match(f.Text, @"^namespace ([\w.]+);", System.Text.RegularExpressions.RegexOptions.Multiline).Groups[1].Value))
            .Where(f => f.Space.Length > 0 && RoomIn(f.Space) != RoomIn(string.Join('.', f.Path.Split('/')[..^1].Prepend("OrderClosr")))).Select(f => $"{f.Path} says {f.Space}");
        Sources.None([.. wrong], "the namespace names the room of the folder", "the order of the rooms is read from namespaces");
    }

    private static IEnumerable<string> Uses(Func<(string Room, bool IsPage), bool> from, Func<string, string, bool> isWrong) =>
        Code.Uses.Where(u => from((RoomOf(u.Owner), IsPage(u.Owner))) && isWrong(RoomOf(u.Owner), RoomOf(u.Type)))
            .Select(u => $"{u.Owner.FullName} uses {u.Type.FullName}").Distinct().Order();

    // Pages are exempt: one page may draw several rooms' components.
    private static bool IsPage(Type type) => typeof(IComponent).IsAssignableFrom(type) || type.Name.EndsWith("Pages", StringComparison.Ordinal) || type.Namespace!.EndsWith(".Pages", StringComparison.Ordinal);

    private static bool IsVendor(Type type) => type.Namespace?.StartsWith("OrderClosr.Vendors.", StringComparison.Ordinal) == true;

    private static string VendorOf(Type type) => IsVendor(type) ? type.Namespace!.Split('.')[2] : "";

    /// <summary>The room, and below Vendors the vendor.</summary>
    private static string RoomIn(string space) => string.Join('.', space.Split('.').Take(space.StartsWith("OrderClosr.Vendors", StringComparison.Ordinal) ? 3 : 2));

    private static string RoomOf(Type type) => type.Namespace?.Split('.') is ["OrderClosr", var room, ..] ? room : "";
}
