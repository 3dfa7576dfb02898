"""Pages about who may be inside."""

urlpatterns = []
