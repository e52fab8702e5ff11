// The app's own aliases, so that tests speak the same words.
global using ChannelId = OrderClosr.Ground.Values.Id<OrderClosr.Channels.Channel>;
global using ConversationId = OrderClosr.Ground.Values.Id<OrderClosr.Conversations.Conversation>;
global using CustomerId = OrderClosr.Ground.Values.Id<OrderClosr.Customers.Customer>;
global using MemberId = OrderClosr.Ground.Values.Id<OrderClosr.Workspaces.Member>;
global using MessageId = OrderClosr.Ground.Values.Id<OrderClosr.Conversations.Message>;
global using OrderId = OrderClosr.Ground.Values.Id<OrderClosr.Orders.Order>;
global using PhotoId = OrderClosr.Ground.Values.Id<OrderClosr.Catalogue.Photo>;
global using CourierAccountId = OrderClosr.Ground.Values.Id<OrderClosr.Parcels.CourierAccount>;
global using ParcelId = OrderClosr.Ground.Values.Id<OrderClosr.Parcels.Parcel>;
global using RescueId = OrderClosr.Ground.Values.Id<OrderClosr.Parcels.Rescue>;
global using ProductId = OrderClosr.Ground.Values.Id<OrderClosr.Catalogue.Product>;
global using VariantId = OrderClosr.Ground.Values.Id<OrderClosr.Catalogue.Variant>;
global using WorkspaceId = OrderClosr.Ground.Values.Id<OrderClosr.Ground.Tenancy.Workspace>;
global using Delivery = OrderClosr.Shipping.Delivery;
