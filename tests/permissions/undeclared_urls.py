"""A view somebody forgot to declare a permission on."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import urls


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


urlpatterns = [path("forgotten/", forgotten), *urls.urlpatterns]
