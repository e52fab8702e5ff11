using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Ui;

/// <summary>Whose page this is: the workspace of the address and the member who looks at it. Filled by the door of <c>/w/{workspace}</c>.</summary>
public sealed class Shop
{
    private Workspace? _workspace;
    private Account? _account;

    /// <summary>False on public pages.</summary>
    public bool IsSome => _workspace is not null;

    /// <summary>The workspace's id.</summary>
    public WorkspaceId Id => _workspace!.Id;

    /// <summary>The shop's name.</summary>
    public string Name => _workspace!.Name;

    /// <summary>The language its owner chose for who chose none; null: none.</summary>
    public string? Language => _workspace!.Language;

    /// <summary>Its members come in with a second step only.</summary>
    public bool NeedsSecondStep => _workspace!.NeedsSecondStep;

    /// <summary>The workspace's word in addresses.</summary>
    public string Slug => _workspace!.Slug;

    /// <summary>The member's account: the actor of what is done on this page.</summary>
    public Guid AccountId => _account!.Id;

    /// <summary>The member's name.</summary>
    public string MemberName => _account!.Name;

    /// <summary>What the member may do.</summary>
    public Role Role { get; private set; }

    /// <summary>May the member do that? Pages show no link and no button that the door would refuse.</summary>
    public bool May(Capability capability) => Role.May(capability);

    /// <summary>Every workspace of the member, for the switch in the side bar.</summary>
    public IReadOnlyList<Workspace> Others { get; private set; } = [];

    /// <summary>An address inside the workspace: <c>Link("orders/confirm")</c> → <c>/w/dar-lina/orders/confirm</c>.</summary>
    public string Link(string path) => path.Length == 0 ? $"/w/{Slug}" : $"/w/{Slug}/{path}";

    internal void Enter(Workspace workspace, Account account, Role role, IReadOnlyList<Workspace> all) => (_workspace, _account, Role, Others) = (workspace, account, role, all);
}
