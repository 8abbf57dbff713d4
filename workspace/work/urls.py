"""Addresses of the pages of work: renewals, the expansion pipeline, the churn register, the strategy matrix."""

from django.urls import URLPattern, URLResolver, path

from workspace.views import escalations, losses, notices, opportunities, renewals, strategy

WORK: list[URLPattern | URLResolver] = [
    path("renewals/", renewals.renewals, name="renewals"),
    path("renewals/export.csv", renewals.renewals_export, name="renewals_export"),
    path("renewals/<int:pk>/", renewals.renewal, name="renewal"),
    path("opportunities/", opportunities.opportunities, name="opportunities"),
    path("opportunities/export.csv", opportunities.opportunities_export, name="opportunities_export"),
    path("opportunities/new/", opportunities.opportunity_new, name="opportunity_new"),
    path("opportunities/<int:pk>/", opportunities.opportunity, name="opportunity"),
    path("opportunities/<int:pk>/turn/", opportunities.opportunity_turn, name="opportunity_turn"),
    path("strategy/", strategy.strategy, name="strategy"),
    path("strategy/<slug:segment>/<slug:stage>/", strategy.strategy_cell, name="strategy_cell"),
    path("profile/work/", notices.work_wishes, name="work_wishes"),
    path("settings/alert-channels/", notices.alert_channels, name="alert_channels"),
    path("settings/alert-channels/new/", notices.alert_channel_new, name="alert_channel_new"),
    path("settings/alert-channels/<int:pk>/", notices.alert_channel, name="alert_channel"),
    path(
        "settings/alert-channels/<int:pk>/remove/", notices.alert_channel_removed, name="alert_channel_remove"
    ),
    path("escalations/", escalations.escalations, name="escalations"),
    path("escalations/new/", escalations.escalation_new, name="escalation_new"),
    path("escalations/<int:pk>/", escalations.escalation, name="escalation"),
    path("escalations/<int:pk>/turn/", escalations.escalation_turn, name="escalation_turn"),
    path("losses/", losses.losses, name="losses"),
    path("losses/export.csv", losses.losses_export, name="losses_export"),
    path("losses/new/", losses.loss_new, name="loss_new"),
    path("losses/<int:pk>/", losses.loss, name="loss"),
    path("losses/<int:pk>/turn/", losses.loss_turn, name="loss_turn"),
    path("settings/loss-reasons/", losses.loss_reasons, name="loss_reasons"),
    path("settings/loss-reasons/new/", losses.loss_reason_new, name="loss_reason_new"),
    path("settings/loss-reasons/<int:pk>/", losses.loss_reason, name="loss_reason"),
]
