"""The Flask extensions, created bare here and bound to an application in `create_app`."""

from typing import TYPE_CHECKING, ClassVar

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData, Table
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Base of all models.

    Every constraint gets a predictable name, because Alembic can only drop what has a name and
    SQLite invents none.
    """

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:

    class Model(Base):
        """What `db.Model` is, as types tell it: Flask-SQLAlchemy makes it only when it runs."""

        __abstract__ = True
        __table__: ClassVar[Table]

else:
    Model = db.Model

migrate = Migrate()
csrf = CSRFProtect()
