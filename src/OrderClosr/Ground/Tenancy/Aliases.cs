global using WorkspaceId = OrderClosr.Ground.Values.Id<OrderClosr.Ground.Tenancy.Workspace>;
