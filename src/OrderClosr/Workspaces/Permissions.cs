namespace OrderClosr.Workspaces;

/// <summary>What a member may do in a workspace. Every page, form, file and stream behind the workspace's door names one.</summary>
public enum Capability
{
    /// <summary>Come in: the menu, the live stream (ids only, of what the role may see), photos and files by their unguessable names, the own membership.</summary>
    Enter,

    SeeInbox, AnswerCustomers,

    /// <summary>The list of customers, and one of them with their orders.</summary>
    SeeCustomers,

    /// <summary>Erases one customer everywhere.</summary>
    EraseCustomers,

    /// <summary>The confirmation desk, and orders as long as they wait there; without <see cref="SeeOrders"/> a customer's number only with the order in hand.</summary>
    Confirm,

    /// <summary>Takes an order that waits out of a colleague's hand.</summary>
    TakeOverOrders,

    /// <summary>All orders and leads.</summary>
    SeeOrders, MakeOrders,
    SeeParcels, MoveParcels,
    SeeCash, CountCash,

    /// <summary>Asks a courier for money or a lost parcel.</summary>
    OpenClaims,

    /// <summary>The dashboard: what the shop earns and what its people are paid for.</summary>
    SeeNumbers, ChangeNumbers,

    /// <summary>Takes data out in a file.</summary>
    Export,

    /// <summary>How the shop is set up: catalogue, fees, couriers, agent, channels, rules.</summary>
    SeeShop, ChangeCatalogue, ChangeShipping, ChangeOrderRules, ChangeAgent,

    /// <summary>Stops the agent and lets it go on.</summary>
    PauseAgent,
    ConnectChannels, MakeKeys, RetryJobs,

    ManageMembers, ReadAudit,

    /// <summary>The register of processing and the list of processors.</summary>
    ReadRegister,
    /// <summary>Deletes the workspace with all that is in it, and takes that back.</summary>
    DeleteWorkspace,

    /// <summary>The workspace's own name and language.</summary>
    ChangeWorkspace,

    /// <summary>Takes everything of the workspace out (promise P14).</summary>
    ExportWorkspace,

    /// <summary>Hands out everything about one customer (promise P18).</summary>
    ExportCustomer,

    /// <summary>The shop's own plan and its invoices.</summary>
    PayPlan,
}

/// <summary>The one table of what each role may do: the door enforces it, the settings page shows it, a test walks every endpoint with it.</summary>
public static class Permissions
{
    private static readonly Role[] Leaders = [Role.Owner, Role.Manager];

    /// <summary>Every capability with the roles that have it.</summary>
    public static readonly IReadOnlyDictionary<Capability, IReadOnlyList<Role>> Table = new Dictionary<Capability, IReadOnlyList<Role>>
    {
        [Capability.Enter] = Enum.GetValues<Role>(),
        [Capability.SeeInbox] = [.. Leaders, Role.ReadOnly],
        [Capability.AnswerCustomers] = Leaders,
        [Capability.SeeCustomers] = [.. Leaders, Role.Suivi, Role.ReadOnly],
        [Capability.EraseCustomers] = Leaders,
        [Capability.Confirm] = [.. Leaders, Role.Confirmer],
        [Capability.TakeOverOrders] = Leaders,
        [Capability.SeeOrders] = [.. Leaders, Role.Suivi, Role.Accountant, Role.ReadOnly],
        [Capability.MakeOrders] = Leaders,
        [Capability.SeeParcels] = [.. Leaders, Role.Suivi, Role.Accountant, Role.ReadOnly],
        [Capability.MoveParcels] = [.. Leaders, Role.Suivi],
        [Capability.SeeCash] = [.. Leaders, Role.Suivi, Role.Accountant, Role.ReadOnly],
        [Capability.CountCash] = [.. Leaders, Role.Accountant],
        [Capability.OpenClaims] = [.. Leaders, Role.Suivi, Role.Accountant],
        [Capability.SeeNumbers] = [.. Leaders, Role.Accountant],
        [Capability.ChangeNumbers] = Leaders,
        [Capability.Export] = [.. Leaders, Role.Accountant],
        [Capability.SeeShop] = [.. Leaders, Role.ReadOnly],
        [Capability.ChangeCatalogue] = Leaders,
        [Capability.ChangeShipping] = Leaders,
        [Capability.ChangeOrderRules] = Leaders,
        [Capability.ChangeAgent] = Leaders,
        [Capability.PauseAgent] = Leaders,
        [Capability.ConnectChannels] = Leaders,
        [Capability.MakeKeys] = Leaders,
        [Capability.RetryJobs] = Leaders,
        [Capability.ManageMembers] = [Role.Owner],
        [Capability.ReadAudit] = [Role.Owner],
        [Capability.ReadRegister] = Leaders,
        [Capability.DeleteWorkspace] = [Role.Owner],
        [Capability.ChangeWorkspace] = [Role.Owner],
        [Capability.ExportWorkspace] = [Role.Owner],
        [Capability.ExportCustomer] = Leaders,
        [Capability.PayPlan] = [Role.Owner],
    };

    /// <summary>May a member with this role do that?</summary>
    public static bool May(this Role role, Capability capability) => Table[capability].Contains(role);
}
