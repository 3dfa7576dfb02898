"""The driver's pages, and the providers' webhooks."""

urlpatterns = []
